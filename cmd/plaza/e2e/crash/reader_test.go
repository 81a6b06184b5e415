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
	cursor   int64   // the newest version that the page has
	held     []shown // what the page shows
	replaced []shown // what the page showed before fresh pages replaced it
	opened   int     // the number of streams that the reader opened
	fresh    int     // the number of fresh pages
	attempt  int     // failed attempts in a row; 0: connected
	cut      error   // why the last stream ended
	breach   error   // what was wrong with a frame; then the reader stops
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

// take puts the messages of a frame on the page. In these tests nobody edits, so each version is a
// message. A frame must bring all messages after the cursor, in order, each once.
func (r *reader) take(p partial) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.cursor + 1
	if p.fresh {
		if p.version <= r.cursor+alwaysReplayed {
			return fmt.Errorf("at version %d the reader got a fresh page of version %d, want the messages in between", r.cursor, p.version)
		}
		next = p.version - int64(len(p.messages)) + 1
		r.replaced, r.held = append(r.replaced, r.held...), nil
		r.fresh++
	}
	for _, message := range p.messages {
		if message.seq != next || message.version != next {
			return fmt.Errorf("a frame from version %d to %d has %+v in place of message %d", r.cursor, p.version, message, next)
		}
		r.held = append(r.held, message)
		next++
	}
	if next != p.version+1 || p.version <= r.cursor {
		return fmt.Errorf("a frame from version %d to %d ends with message %d", r.cursor, p.version, next-1)
	}
	r.cursor = p.version
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

// agrees checks that the log has all messages that the page shows or ever showed, and that the page has
// all of the log from its first message on.
func (r *reader) agrees(log []store.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, message := range slices.Concat(r.replaced, r.held) {
		if message.seq > int64(len(log)) {
			return fmt.Errorf("the page shows %+v, and the log ends with message %d", message, len(log))
		}
		if kept := log[message.seq-1]; message.nonce != kept.Nonce || message.author != kept.Author.Username {
			return fmt.Errorf("the page shows %+v, and the log has %q by %s there", message, kept.Nonce, kept.Author.Username)
		}
	}
	if r.cursor != int64(len(log)) || len(r.held) == 0 || r.fresh == 0 && len(r.held) != len(log) {
		return fmt.Errorf("the page has version %d and %d messages, and the log has %d; the reader got %d fresh pages", r.cursor, len(r.held), len(log), r.fresh)
	}
	return nil
}
