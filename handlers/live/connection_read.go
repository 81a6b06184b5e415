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
	// The largest message a page may send, in bytes. What pages send is far smaller.
	maxIncoming = 32 << 10
	// How many messages a page may send at once, and then a second.
	incomingBurst = 40
	incomingRate  = 10
)

// read takes the page's word that its person types, drops all else, and returns when the socket
// closes. A page that sends too much is closed.
func (c *Conn) read() {
	c.socket.SetReadLimit(maxIncoming)
	var limiter *rate.Limiter // most pages never send anything
	var typed time.Time       // when the page last said that its person types
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
