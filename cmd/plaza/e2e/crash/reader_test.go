package crash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
)

// alwaysReplayed is how many changes a reader may at least be behind and is still brought
// those, not the newest page in their place. (The site's own bound is higher.)
const alwaysReplayed = 100

// reader holds what a page of the public chat would show, by what its stream brings, and
// checks it as it comes. After each cut it comes back with its cursor.
type reader struct {
	site   *e2etest.Site
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
