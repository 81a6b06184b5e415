package live

import (
	"encoding/binary"

	"github.com/coder/websocket"
)

// frame is a text message as it goes over a websocket: its header, and its payload. All readers
// share its bytes. A nil frame is none.
type frame []byte

// maxHeader is how many bytes a frame's header has at most.
const maxHeader = 10

// The first byte of a frame that holds a whole text message, and the bits that tell frames apart:
// see RFC 6455, section 5.2.
const (
	wholeText  = 0x81
	opcodeMask = 0x0f
	opText     = 0x1
	opBinary   = 0x2
	opClose    = 0x8
)

// pingFrame is a ping without a payload.
var pingFrame = frame{0x89, 0}

// closeFrame returns the frame that closes a websocket with a code and a short reason.
func closeFrame(code websocket.StatusCode, reason string) frame {
	payload := append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...) //nolint:gosec // a code has 16 bits
	return append(frame{0x80 | opClose, byte(len(payload))}, payload...)           //nolint:gosec // a reason is short
}

// newFrame joins payloads to one message; nil if all are empty.
func newFrame(payloads ...[]byte) frame {
	length := 0
	for _, payload := range payloads {
		length += len(payload)
	}
	if length == 0 {
		return nil
	}
	f := make(frame, 0, maxHeader+length)
	switch {
	case length < 126:
		f = append(f, wholeText, byte(length))
	case length <= 0xffff:
		f = binary.BigEndian.AppendUint16(append(f, wholeText, 126), uint16(length))
	default:
		f = binary.BigEndian.AppendUint64(append(f, wholeText, 127), uint64(length))
	}
	for _, payload := range payloads {
		f = append(f, payload...)
	}
	return f
}

// frameSize returns the size in bytes of the frame that begins with p, by its header. A server's
// frames have no mask.
func frameSize(p []byte) int {
	if len(p) < 2 {
		return 2
	}
	switch length := int(p[1] & 0x7f); {
	case length == 126 && len(p) >= 4:
		return 4 + int(binary.BigEndian.Uint16(p[2:]))
	case length == 127 && len(p) >= 10:
		return 10 + int(binary.BigEndian.Uint64(p[2:])) //nolint:gosec // a frame of ours is far smaller
	default:
		return 2 + length
	}
}
