package crash

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
)

// alwaysReplayed is a number of changes that a reader may be behind and still get them, and not the
// newest page instead. The site's own limit is higher.
const alwaysReplayed = 100

// reader keeps what a page of the public chat shows, and checks each frame of its stream. After each cut
// it reconnects with its cursor.
type reader struct {
	site   *e2etest.Site
	name   string
	client *http.Client
	frames *frames
	// away returns how long the reader waits before an attempt to reconnect. The first attempt is 1.
	away func(attempt int) time.Duration

	mu       sync.Mutex
	page            // what the page shows
	replaced []page // what the page showed before fresh pages replaced it
	opened   int    // the number of streams that the reader opened
	fresh    int    // the number of fresh pages
	attempt  int    // failed attempts in a row; 0: connected
	cut      error  // why the last stream ended
	breach   error  // what was wrong with a frame; then the reader stops
}

// read keeps a stream open until ctx ends or a frame is wrong.
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

// returns are the close codes after which a page reconnects: see reconnectCodes of htmx's extension. -1
// is a stream that ends without a code.
var returns = []websocket.StatusCode{-1, 1001, 1005, 1006, 1011, 1012, 1013, 1014}

// visit connects with the cursor, and takes frames until the stream ends.
func (r *reader) visit(ctx context.Context) error {
	socket, err := r.site.Dial(r.client, fmt.Sprintf("/ws?room=1&after=%d", r.at()))
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
			return r.isBroken(fmt.Errorf("the site closed the stream for good, with the code %d: %w", code, err))
		}
		if !bytes.HasSuffix(frame, []byte("</hx-partial>")) {
			// If a connection ends inside a frame, at the end of the library's buffer, the library takes
			// that for the frame's end. Then the stream must have ended.
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

// isBroken records what was wrong with a frame.
func (r *reader) isBroken(breach error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.breach = breach
	return breach
}

// page is what a page shows.
type page struct {
	cursor int64   // the version that the page has
	whole  int64   // the version of the fresh page with which it began: that had all messages from its first on; 0: none
	held   []shown // ordered by seq
}

// take puts the messages of a frame on the page. A frame brings each message once, in a state after the cursor. A
// later change than the frame's version may be in it already.
func (r *reader) take(p partial) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.version <= r.cursor || p.fresh && p.version <= r.cursor+alwaysReplayed {
		return fmt.Errorf("at version %d the reader got a frame of version %d; a fresh page: %t", r.cursor, p.version, p.fresh)
	}
	after, before := r.cursor, int64(math.MaxInt64)
	if p.fresh {
		r.replaced, r.page = append(r.replaced, r.page), page{}
		r.fresh++
		after, before = 0, p.version
	}
	brought := map[int64]shown{}
	for _, message := range p.messages {
		if message.seq > p.version || message.version <= after || message.version > before {
			return fmt.Errorf("a frame from version %d to %d has %+v", after, p.version, message)
		}
		if first, ok := brought[message.seq]; ok {
			return fmt.Errorf("a frame from version %d to %d has %+v and %+v", after, p.version, first, message)
		}
		brought[message.seq] = message
		if err := r.put(message); err != nil {
			return fmt.Errorf("a frame from version %d to %d: %w", after, p.version, err)
		}
	}
	r.cursor = p.version
	if p.fresh {
		r.whole = p.version
	}
	return nil
}

// put puts a message at its place, as static/js/chat/live.js does.
func (p *page) put(message shown) error {
	place, found := slices.BinarySearchFunc(p.held, message.seq, func(m shown, seq int64) int { return cmp.Compare(m.seq, seq) })
	switch {
	case found && message.version < p.held[place].version:
		return fmt.Errorf("%+v comes after %+v", message, p.held[place])
	case found:
		p.held[place] = message
	case message.seq <= p.whole && place == 0: // only the link to older messages brings it
	case message.seq <= p.whole:
		return fmt.Errorf("the fresh page of version %d lacked %+v", p.whole, message)
	case place < len(p.held) && message.version == message.seq:
		// A message that was changed before the reader got it comes at the place of its change. Others come in order.
		return fmt.Errorf("%+v comes after message %d", message, p.held[len(p.held)-1].seq)
	default:
		p.held = slices.Insert(p.held, place, message)
	}
	return nil
}

func (r *reader) at() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cursor
}

// isAt returns an error if the reader is not connected or does not have a version. broken tells whether
// the reader can never have it.
func (r *reader) isAt(version int64) (broken bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.breach != nil:
		return true, fmt.Errorf("%s: %w", r.name, r.breach)
	case r.opened == 0 || r.attempt > 0 || r.cursor < version:
		return false, fmt.Errorf("%s has version %d, want %d; attempts since the last stream: %d; that stream ended with: %w",
			r.name, r.cursor, version, r.attempt, r.cut)
	}
	return false, nil
}

// agrees checks that the page has the log's version, and that all it shows or ever showed is of the log.
func (r *reader) agrees(log []store.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if version := e2etest.VersionOf(log); r.cursor != version || len(r.held) == 0 {
		return fmt.Errorf("the page has version %d and %d messages, and the log has version %d", r.cursor, len(r.held), version)
	}
	for _, p := range append(r.replaced, r.page) {
		if err := p.isOf(log); err != nil {
			return fmt.Errorf("the page had version %d: %w", p.cursor, err)
		}
	}
	return nil
}

// isOf checks that the page shows each message, from its first on, whose latest change is not after the page's
// version, and shows it as the log has it. A message that was changed later may be there in an earlier state, or not.
func (p page) isOf(log []store.Message) error {
	next, started := p.held, p.whole == 0
	for _, message := range log {
		isPast := message.Version <= p.cursor
		if len(next) == 0 || next[0].seq != message.Seq {
			if started && isPast {
				return fmt.Errorf("the page lacks %+v", message)
			}
			continue
		}
		is := next[0]
		next, started = next[1:], true
		want := shown{message.Author.Username, message.Nonce, message.Seq, message.Version, message.Source, message.Edits, message.Deleted, ""}
		for kind := range message.Reactions.All() {
			want.reactions += kind.Emoji + " " + kind.Newest + ","
		}
		isSame := is == want
		if !isPast && is.version < message.Version {
			isSame = is.author == want.author && is.nonce == want.nonce
		}
		if !isSame {
			return fmt.Errorf("the page shows %+v, and the log has %+v", is, want)
		}
	}
	if len(next) > 0 {
		return fmt.Errorf("the page shows %+v, and the log lacks it or its order", next[0])
	}
	return nil
}
