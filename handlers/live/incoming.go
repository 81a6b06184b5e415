package live

import (
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

const (
	// How many frames a page may send at once, and then a second. Pings, pongs and the parts of a message
	// count too, which may be empty. A message counts as several, since it takes more work.
	incomingBurst = 200
	incomingRate  = 50
	messageFrames = 5

	// How much is read, and for how long, of a page that sends too much. If the connection were closed
	// with bytes that nobody has read, the page would not get the close frame.
	floodDrained = 1 << 20 // bytes
	floodDrain   = time.Second
)

var errFlood = errors.New("the page sends too much")

// incoming counts the frames that a page sends, as their bytes come. The websocket library does not
// tell of pings, pongs and parts.
type incoming struct {
	header  [14]byte // of the next frame, as far as it has come; its length is at most 14
	has     int      // how many bytes of the header have come
	payload uint64   // how many bytes of the frame's payload have yet to come
	limiter *rate.Limiter
}

// take counts the frames whose headers end in p. It returns errFlood if the page sends too many.
func (c *incoming) take(p []byte) error {
	for len(p) > 0 {
		if c.payload > 0 {
			skipped := min(c.payload, uint64(len(p)))
			c.payload -= skipped
			p = p[skipped:]
			continue
		}
		c.header[c.has] = p[0]
		c.has++
		p = p[1:]
		if c.has < 2 || c.has < c.headerSize() {
			continue
		}
		c.payload, c.has = c.payloadSize(), 0
		frames := 1
		if opcode := c.header[0] & opcodeMask; opcode == opText || opcode == opBinary {
			frames = messageFrames
		}
		if c.limiter == nil {
			c.limiter = rate.NewLimiter(incomingRate, incomingBurst)
		}
		if !c.limiter.AllowN(time.Now(), frames) {
			return errFlood
		}
	}
	return nil
}

// headerSize returns the size of the header, by its first two bytes: see RFC 6455, section 5.2.
func (c *incoming) headerSize() int {
	size := 2
	switch c.header[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if c.header[1]&0x80 != 0 { // a mask
		size += 4
	}
	return size
}

// payloadSize returns the size of the frame's payload, by its whole header.
func (c *incoming) payloadSize() uint64 {
	switch length := c.header[1] & 0x7f; length {
	case 126:
		return uint64(binary.BigEndian.Uint16(c.header[2:]))
	case 127:
		return binary.BigEndian.Uint64(c.header[2:])
	default:
		return uint64(length)
	}
}

// floodFrame is the close frame for a page that sends too much.
var floodFrame = closeFrame(websocket.StatusPolicyViolation, "too many messages")

// refuseFlood closes the connection of a page that sends too much. The websocket library cannot do
// it, since it would answer all that has come before.
func (w *wire) refuseFlood() error {
	err := w.writeWhole(floodFrame, true)
	if err == nil {
		err = w.SetReadDeadline(time.Now().Add(floodDrain))
	}
	if err == nil {
		_, err = io.CopyN(io.Discard, w.Conn, floodDrained)
	}
	return errors.Join(errFlood, err)
}
