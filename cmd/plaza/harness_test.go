package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/net/html"

	"plaza/store"
)

var seed = flag.Uint64("seed", 0, "make the random choices of an earlier run again (0: new ones)")

// chance is where the random choices of a test come from. Its seed repeats what is chosen:
// how long the site lives, how long people think, what the network does next. What the
// scheduler makes of it differs from run to run.
type chance struct{ seed uint64 }

// newChance takes the seed that was asked for, or a new one, and tells how to repeat it.
func newChance(t testing.TB) chance {
	c := chance{*seed}
	for c.seed == 0 {
		c.seed = rand.Uint64()
	}
	t.Logf("to make the same random choices: go test ./cmd/plaza -run '^%s$' -seed %d", t.Name(), c.seed)
	return c
}

// of returns the choices of one part of a test, on which those of the others have no bearing.
func (c chance) of(part string) *rand.Rand {
	name := fnv.New64a()
	_, _ = name.Write([]byte(part))
	return rand.New(rand.NewPCG(c.seed, name.Sum64()))
}

// between chooses a duration.
func between(luck *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(luck.Int64N(int64(most-least)+1))
}

// longestOutage is how long an author tries to have a message confirmed: the sites and
// networks of these tests are never away for so long.
const longestOutage = 3 * patience

// author posts one message after the other, each again and again until it is confirmed.
type author struct {
	site     *site
	name     string
	client   *http.Client
	luck     *rand.Rand
	thinking time.Duration // the most that passes between two messages
	// cutShort says that the network may half-close: then a post may reach the site without its
	// end, and be answered so, as cut counts.
	cutShort bool
	cut      int

	// confirmed tells whoever waits for it that a message was just confirmed.
	confirmed chan<- struct{}

	said  []utterance
	again int // how often a post was repeated because it was not confirmed
}

// utterance is a message that was posted. Its body is its nonce too.
type utterance struct {
	author, body     string
	begun, confirmed time.Time
	abandoned        bool // its author left before the answer came: it may be in the log, or not
}

// speak says so many messages, or until it is told to end; what was begun is finished.
func (a *author) speak(ctx context.Context, ending <-chan struct{}, most int) error {
	for range most {
		select {
		case <-ending:
			return nil
		case <-ctx.Done(): // the test has failed
			return nil
		case <-time.After(between(a.luck, 0, a.thinking)):
		}
		if a.luck.IntN(10) == 0 {
			a.abandon()
		}
		if err := a.tell(ctx); err != nil {
			return err
		}
		// A page whose answer was lost sends again what is long there.
		if earlier := a.said[a.luck.IntN(len(a.said))]; !earlier.abandoned && a.luck.IntN(10) == 0 {
			if err := a.say(ctx, earlier.body); err != nil {
				return err
			}
		}
	}
	return nil
}

// next is what the author says next.
func (a *author) next() utterance {
	return utterance{author: a.name, body: fmt.Sprintf("%s says %d", a.name, len(a.said)), begun: time.Now()}
}

// tell says one message more.
func (a *author) tell(ctx context.Context) error {
	u := a.next()
	if err := a.say(ctx, u.body); err != nil {
		return err
	}
	u.confirmed = time.Now()
	a.said = append(a.said, u)
	select {
	case a.confirmed <- struct{}{}:
	default:
	}
	return nil
}

// abandon posts a message as somebody does whose page is closed at that moment.
func (a *author) abandon() {
	u := a.next()
	leaving := &http.Client{Jar: a.client.Jar, Timeout: between(a.luck, 100*time.Microsecond, 5*time.Millisecond)}
	status, err := a.site.post(leaving, u.body, u.body)
	u.confirmed, u.abandoned = time.Now(), err != nil || status != http.StatusNoContent
	a.said = append(a.said, u)
}

// say posts a message until it is confirmed.
func (a *author) say(ctx context.Context, body string) error {
	for begun := time.Now(); time.Since(begun) < longestOutage; a.again++ {
		status, err := a.site.post(a.client, body, body)
		switch {
		case err == nil && status == http.StatusNoContent:
			return nil
		case err == nil && status == http.StatusBadRequest && a.cutShort:
			a.cut++
		case err == nil && status != http.StatusServiceUnavailable:
			return fmt.Errorf("%q is answered with %d, want 204, or 503 where it is to be sent again", body, status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the test ended before %q was confirmed", body)
		case <-time.After(between(a.luck, 5*time.Millisecond, 50*time.Millisecond)):
		}
	}
	return fmt.Errorf("%q was not confirmed in %v", body, longestOutage)
}

// shown is a message as its article in the stream has it.
type shown struct {
	author, nonce string
	seq, version  int64
}

// partial is a part of a frame that changes the log: messages, and the version that a page
// is at once it has them. One that is fresh replaces all the page has.
type partial struct {
	version  int64
	fresh    bool
	messages []shown
}

// frames are those that have been read, by the sum of their bytes: as all readers get the
// same, each is read once.
type frames struct {
	seed maphash.Seed
	read sync.Map // uint64 → []partial
}

// parts returns those parts of a frame that are for the log.
func (f *frames) parts(frame []byte) ([]partial, error) {
	sum := maphash.Bytes(f.seed, frame)
	if known, ok := f.read.Load(sum); ok {
		return known.([]partial), nil
	}
	parts, err := readFrame(frame)
	if err == nil {
		f.read.Store(sum, parts)
	}
	return parts, err
}

func readFrame(frame []byte) ([]partial, error) {
	var parts []partial
	isLog := false
	tokens := html.NewTokenizer(bytes.NewReader(frame))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.StartTagToken {
			continue
		}
		token := tokens.Token()
		attributes := map[string]string{}
		for _, attribute := range token.Attr {
			attributes[attribute.Key] = attribute.Val
		}
		switch {
		case token.Data == "hx-partial":
			if isLog = attributes["data-hx-target"] == "#messages"; !isLog {
				continue
			}
			rest, ok := strings.CutPrefix(attributes["data-hx-swap"], "log version:")
			version, fresh := strings.CutSuffix(rest, " fresh:true")
			number, err := strconv.ParseInt(version, 10, 64)
			if err != nil || !ok {
				return nil, fmt.Errorf("a part of a frame for the log has the swap %q", attributes["data-hx-swap"])
			}
			parts = append(parts, partial{version: number, fresh: fresh})
		case token.Data == "article" && isLog:
			message, err := readArticle(attributes)
			if err != nil {
				return nil, err
			}
			last := &parts[len(parts)-1]
			last.messages = append(last.messages, message)
		}
	}
	return parts, nil
}

func readArticle(attributes map[string]string) (shown, error) {
	message := shown{author: attributes["data-author"], nonce: attributes["data-nonce"]}
	var errs [2]error
	message.seq, errs[0] = strconv.ParseInt(attributes["data-seq"], 10, 64)
	message.version, errs[1] = strconv.ParseInt(attributes["data-version"], 10, 64)
	if id := fmt.Sprintf("m-%d-%d", store.PublicRoom, message.seq); attributes["id"] != id {
		errs[0] = errors.Join(errs[0], fmt.Errorf("a message has the id %q, want %q", attributes["id"], id))
	}
	return message, errors.Join(errs[:]...)
}

// alwaysReplayed is how many changes a reader may at least be behind and is still brought
// those, not the newest page in their place. (The site's own bound is higher.)
const alwaysReplayed = 100

// reader holds what a page of the public chat would show, by what its stream brings, and
// checks it as it comes. After each cut it comes back with its cursor.
type reader struct {
	site   *site
	name   string
	client *http.Client
	frames *frames
	// away is how long it stays away before its so many-th attempt in a row to come back.
	away func(attempt int) time.Duration

	mu       sync.Mutex
	cursor   int64   // the newest version that it has seen
	held     []shown // what its page shows
	replaced []shown // what its page showed until it got the newest page afresh
	opened   int     // how often it was connected
	fresh    int     // how often it got the newest page
	attempt  int     // 0: it is connected
	cut      error   // why it was cut last
	breach   error   // what it was brought and should not have been; it ends with that
}

// read keeps the stream open until ctx ends.
func (r *reader) read(ctx context.Context) {
	for ctx.Err() == nil {
		err := r.visit(ctx)
		r.mu.Lock()
		r.attempt++
		r.cut = err
		attempt, breach := r.attempt, r.breach
		r.mu.Unlock()
		if breach != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(r.away(attempt)):
		}
	}
}

// returns are the close codes after which a page of the site comes back: see reconnectCodes
// of htmx's extension. -1 is a stream that ended without a word.
var returns = []websocket.StatusCode{-1, 1001, 1005, 1006, 1011, 1012, 1013, 1014}

// visit connects with the cursor, and takes what comes until the stream ends.
func (r *reader) visit(ctx context.Context) error {
	socket, err := r.site.dial(r.client, fmt.Sprintf("/ws?room=1&after=%d", r.at()))
	if err != nil {
		return err
	}
	defer func() { _ = socket.CloseNow() }()
	r.mu.Lock()
	r.opened++
	r.attempt = 0
	r.mu.Unlock()
	for {
		_, frame, err := socket.Read(ctx)
		if code := websocket.CloseStatus(err); err != nil && slices.Contains(returns, code) {
			return err
		} else if err != nil {
			return r.isBroken(fmt.Errorf("its stream was closed for good, with the code %d: %w", code, err))
		}
		if !bytes.HasSuffix(frame, []byte("</hx-partial>")) {
			// The library takes the end of a connection inside a frame for the frame's end
			// where that falls on the end of its buffer. The stream must have ended there.
			if _, _, err = socket.Read(ctx); err != nil {
				return err
			}
			return r.isBroken(fmt.Errorf("a frame ends with %q", frame[max(0, len(frame)-40):]))
		}
		parts, err := r.frames.parts(frame)
		for _, part := range parts {
			err = errors.Join(err, r.take(part))
		}
		if err != nil {
			return r.isBroken(err)
		}
	}
}

// isBroken notes what should not have come.
func (r *reader) isBroken(breach error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breach = breach
	return breach
}

// take shows what a frame brings. As nobody edits here, each version is a message, and a
// frame has to bring all from the cursor on, in order, each once.
func (r *reader) take(p partial) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.cursor + 1
	if p.fresh {
		if p.version <= r.cursor+alwaysReplayed {
			return fmt.Errorf("at version %d it got the page of version %d afresh, want what it lacked", r.cursor, p.version)
		}
		next = p.version - int64(len(p.messages)) + 1
		r.replaced, r.held = append(r.replaced, r.held...), nil
		r.fresh++
	}
	for _, message := range p.messages {
		if message.seq != next || message.version != next {
			return fmt.Errorf("a frame from version %d to %d has %+v where the message %d belongs", r.cursor, p.version, message, next)
		}
		r.held = append(r.held, message)
		next++
	}
	if next != p.version+1 || p.version <= r.cursor {
		return fmt.Errorf("a frame from version %d to %d ends with the message %d", r.cursor, p.version, next-1)
	}
	r.cursor = p.version
	return nil
}

func (r *reader) at() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cursor
}

// isAt returns what keeps a reader from being connected and at a version; broken says that it
// will never be.
func (r *reader) isAt(version int64) (broken bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.breach != nil:
		return true, fmt.Errorf("%s: %w", r.name, r.breach)
	case r.opened == 0 || r.attempt > 0 || r.cursor < version:
		return false, fmt.Errorf("%s is at version %d, want %d; attempts since it was cut: %d; why it was, last: %w",
			r.name, r.cursor, version, r.attempt, r.cut)
	}
	return false, nil
}

// agrees checks that what the reader shows, and ever showed, is what the log has, and that it
// has all of it from its first message on.
func (r *reader) agrees(log []store.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, message := range slices.Concat(r.replaced, r.held) {
		if message.seq > int64(len(log)) {
			return fmt.Errorf("it shows %+v, and the log ends with the message %d", message, len(log))
		}
		if kept := log[message.seq-1]; message.nonce != kept.Nonce || message.author != kept.Author.Username {
			return fmt.Errorf("it shows %+v, and the log has %q of %s there", message, kept.Nonce, kept.Author.Username)
		}
	}
	if r.cursor != int64(len(log)) || len(r.held) == 0 || r.fresh == 0 && len(r.held) != len(log) {
		return fmt.Errorf("it is at version %d and shows %d messages, and the log has %d (it got %d pages afresh)", r.cursor, len(r.held), len(log), r.fresh)
	}
	return nil
}

// crowd is authors who write in the public chat, and readers of it.
type crowd struct {
	t       *testing.T
	authors []*author
	readers []*reader

	posting, reading sync.WaitGroup
	ending           chan struct{}
	confirmed        chan struct{}      // what is received here was confirmed just now
	leave            context.CancelFunc // has the readers leave, and the authors give up
}

// newCrowd makes a crowd of people who have an account: all write, and all read on as many
// streams as it takes. They reach the site as given, whatever is in between, and think for as
// long at most between two messages.
func newCrowd(t *testing.T, reached *site, c chance, people map[string]*http.Client, streams int, thinking time.Duration) *crowd {
	gathered := &crowd{t: t, ending: make(chan struct{}), confirmed: make(chan struct{})}
	names, read := slices.Sorted(maps.Keys(people)), &frames{seed: maphash.MakeSeed()}
	for _, name := range names {
		gathered.authors = append(gathered.authors, &author{
			site: reached, name: name, client: people[name], luck: c.of(name), thinking: thinking, confirmed: gathered.confirmed,
		})
	}
	for i := range streams {
		name := fmt.Sprint("reader ", i)
		luck := c.of(name)
		longest := 100 * time.Millisecond
		if i%8 == 7 { // a telephone in a pocket
			longest = 2 * time.Second
		}
		gathered.readers = append(gathered.readers, &reader{
			site: reached, name: name, client: people[names[i%len(names)]], frames: read, cut: errors.New("it never was"),
			away: func(int) time.Duration { return between(luck, 5*time.Millisecond, longest) },
		})
	}
	return gathered
}

// people registers so many accounts and returns their clients by name.
func (s *site) people(count int) map[string]*http.Client {
	s.t.Helper()
	clients := map[string]*http.Client{}
	for i := range count {
		name := fmt.Sprint("author", i)
		clients[name] = s.register(name)
	}
	return clients
}

// begin has all read, and all write so many messages, or until they are told to end.
func (c *crowd) begin(most int) {
	ctx, leave := context.WithCancel(context.Background())
	c.leave = leave
	for _, r := range c.readers {
		c.reading.Go(func() { r.read(ctx) })
	}
	for _, a := range c.authors {
		c.posting.Go(func() {
			if err := a.speak(ctx, c.ending, most); err != nil {
				c.t.Errorf("%s: %v", a.name, err)
			}
		})
	}
	c.t.Cleanup(func() {
		leave()
		c.posting.Wait()
		c.reading.Wait()
	})
}

// arrive waits until all readers are connected and have seen a version.
func (c *crowd) arrive(version int64) {
	c.t.Helper()
	var missing error
	defer func() {
		if missing != nil {
			c.t.Error(missing)
		}
	}()
	eventually(c.t, fmt.Sprintf("all readers are there and at version %d", version), func() bool {
		for _, r := range c.readers {
			var broken bool
			if broken, missing = r.isAt(version); broken {
				c.t.FailNow()
			}
			if missing != nil {
				return false
			}
		}
		return true
	})
}

// said returns all that was posted, by its body, and how often a post was repeated.
func (c *crowd) said() (said map[string]utterance, again int) {
	said = map[string]utterance{}
	for _, a := range c.authors {
		again += a.again
		for _, u := range a.said {
			said[u.body] = u
		}
	}
	return said, again
}

// agree waits until everything that is being written is confirmed and has been read, and
// checks that the log has each message once and in order, and that all readers have the log.
// It returns the log, and how often a post was repeated and a reader connected.
func (c *crowd) agree(database *site) (log []store.Message, again, opened int) {
	c.t.Helper()
	c.posting.Wait()
	// A post whose author left may be on its way for a moment more; readers are told of it too.
	for arrived := -1; arrived != len(log); log = database.messages() {
		arrived = len(log)
		c.arrive(int64(arrived))
	}
	said, again := c.said()
	if err := isHistoryOf(said, log); err != nil {
		c.t.Error(err)
	}
	c.leave()
	c.reading.Wait()
	fresh := 0
	for _, r := range c.readers {
		if err := r.agrees(log); err != nil {
			c.t.Errorf("%s: %v", r.name, err)
		}
		opened += r.opened
		fresh += r.fresh
	}
	c.t.Logf("%d messages, posts repeated %d times, streams opened %d times, newest pages %d", len(log), again, opened, fresh)
	return log, again, opened
}

// isHistoryOf checks that a log has exactly what was said, without gaps in its versions, and
// in order: what was confirmed before something else was begun comes before that.
func isHistoryOf(said map[string]utterance, log []store.Message) error {
	places := map[string]int{}
	var begun utterance // of the messages so far, the one that was begun last
	for i, message := range log {
		if place := int64(i + 1); message.Seq != place || message.Version != place {
			return fmt.Errorf("at place %d of the log is the message %d with version %d", place, message.Seq, message.Version)
		}
		u, ok := said[message.Nonce]
		if !ok || message.Source != u.body || message.Author.Username != u.author {
			return fmt.Errorf("the log has %q of %s under the nonce %q, which nobody said", message.Source, message.Author.Username, message.Nonce)
		}
		if first := places[u.body]; first > 0 {
			return fmt.Errorf("%q is in the log twice, at the places %d and %d", u.body, first, i+1)
		}
		places[u.body] = i + 1
		if u.confirmed.Before(begun.begun) && !u.abandoned {
			return fmt.Errorf("%q comes after %q in the log, and was confirmed before that was begun", u.body, begun.body)
		}
		if u.begun.After(begun.begun) {
			begun = u
		}
	}
	for body, u := range said {
		if places[body] == 0 && !u.abandoned {
			return fmt.Errorf("%q was confirmed, and is not in the log", body)
		}
	}
	return nil
}
