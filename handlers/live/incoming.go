package live

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

const (
	// The largest frame a page may send; it has nothing to say but a few words.
	maxIncoming = 32 << 10
	// What a page may send: a burst, and then so many frames a second.
	incomingBurst = 40
	incomingRate  = 10
)

// read hears that somebody types, drops all else that the page sends, as nothing lasting goes this
// way, and returns when the socket closes. A page that floods is closed.
func (c *Conn) read() {
	c.socket.SetReadLimit(maxIncoming)
	var limiter *rate.Limiter // most pages never send anything
	var typed time.Time       // when the page was last heard
	for {
		kind, message, err := c.socket.Reader(context.Background())
		if err != nil {
			return
		}
		if limiter == nil {
			limiter = rate.NewLimiter(incomingRate, incomingBurst)
		}
		if !limiter.Allow() {
			c.sayGoodbye(websocket.StatusPolicyViolation, "too many messages")
			return
		}
		if c.room != nil && c.room.hasTyping() && kind == websocket.MessageText && time.Since(typed) >= typingEvery {
			var said saidTyping
			if json.NewDecoder(message).Decode(&said) == nil && said.Typing != "" {
				typed = time.Now()
				c.types()
			}
		}
		if _, err := io.Copy(io.Discard, message); err != nil {
			return
		}
	}
}
