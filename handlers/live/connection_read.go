package live

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/coder/websocket"
)

// The largest message a page may send, in bytes. What pages send is far smaller.
const maxIncoming = 32 << 10

// read takes the page's word that its person types, drops all else, and returns when the socket
// closes. The wire closes a page that sends too much.
func (c *Conn) read() {
	c.socket.SetReadLimit(maxIncoming)
	var typed time.Time // when the page last said that its person types
	for {
		kind, message, err := c.socket.Reader(context.Background())
		if err != nil {
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
