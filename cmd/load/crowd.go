package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// target is a program to measure: plaza or the bare program.
type target interface {
	// read opens the connection of reader i, which gets everything posted from here on.
	read(i int) (*bufio.Reader, net.Conn, error)
	// author opens the connection of author i, which posts one message at a time.
	author(i int) (post func(body string) error, closer io.Closer, err error)
	pid() int
}

// crowd is the readers of one target.
type crowd struct {
	conns   []net.Conn
	heard   func(reader int, payload []byte)
	reading sync.WaitGroup
}

// gather opens size connections. It calls heard with each frame that a reader gets. The calls for one
// reader come from one goroutine.
func gather(
	size int, open func(i int) (*bufio.Reader, net.Conn, error), heard func(reader int, payload []byte),
) (*crowd, error) {
	c := &crowd{heard: heard, conns: make([]net.Conn, size)}
	var opening sync.WaitGroup
	var failed atomic.Pointer[error]
	next := atomic.Int64{}
	for range 16 {
		opening.Go(func() {
			for i := int(next.Add(1)) - 1; i < size && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				frames, conn, err := open(i)
				if err != nil {
					err = fmt.Errorf("reader %d: %w", i, err)
					failed.Store(&err)
					return
				}
				c.conns[i] = conn
				c.reading.Go(func() { c.read(i, frames) })
			}
		})
	}
	opening.Wait()
	if err := failed.Load(); err != nil {
		c.leave()
		return nil, *err
	}
	return c, nil
}

// leave closes all connections and returns once nothing calls heard any more.
func (c *crowd) leave() {
	for _, conn := range c.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	c.reading.Wait()
}

// read reads frames until the connection ends, and answers pings.
func (c *crowd) read(i int, frames *bufio.Reader) {
	const text, ping = 0x81, 0x89
	var payload []byte
	for {
		head, err := frames.Peek(2)
		if err != nil {
			return
		}
		kind, short, size := head[0], head[1], 2
		length := uint64(short)
		switch length {
		case 126:
			size = 4
		case 127:
			size = 10
		}
		if head, err = frames.Peek(size); err != nil {
			return
		}
		switch length {
		case 126:
			length = uint64(binary.BigEndian.Uint16(head[2:]))
		case 127:
			length = binary.BigEndian.Uint64(head[2:])
		}
		payload = slices.Grow(payload[:0], int(length))[:length] //nolint:gosec // plaza's frames are small
		if _, err := frames.Discard(size); err != nil {
			return
		}
		if _, err := io.ReadFull(frames, payload); err != nil {
			return
		}
		switch kind {
		case text:
			c.heard(i, payload)
		case ping: // the answer's mask is zero
			pong := append([]byte{0x8a, 0x80 | short, 0, 0, 0, 0}, payload...) // a ping has less than 126 bytes
			if _, err := c.conns[i].Write(pong); err != nil {
				return
			}
		}
	}
}

// maxMessages is the most messages of one talk.
const maxMessages = 200_000

// marker begins a message, and markedDigits digits after it identify the message in a frame.
const marker = "zq"

const markedDigits = 8

// talk counts the deliveries of messages to a crowd.
type talk struct {
	readers   int
	first     int // the number of the first message, which no other talk uses
	messages  [maxMessages]said
	posted    atomic.Int64
	delivered atomic.Int64
	delays    [][]time.Duration // by reader, so that they need no lock
}

type said struct {
	at   time.Time
	left atomic.Int32
	done chan struct{}
}

func newTalk(readers int) *talk {
	return &talk{readers: readers, first: int(talks.Add(1)) % 500 * maxMessages, delays: make([][]time.Duration, readers)}
}

var talks atomic.Int64

// say returns the body of a new message. Its delays count from at.
func (t *talk) say(at time.Time) (body string, message *said, err error) {
	n := int(t.posted.Add(1)) - 1
	if n >= maxMessages {
		return "", nil, fmt.Errorf("more than %d messages", maxMessages)
	}
	message = &t.messages[n]
	message.at, message.done = at, make(chan struct{})
	message.left.Store(int32(t.readers)) //nolint:gosec // a few thousand
	body = fmt.Sprintf("%s%0*d", marker, markedDigits, t.first+n)
	const words = " lorem ipsum dolor sit amet, consetetur sadipscing elitr, " +
		"sed diam nonumy eirmod tempor invidunt ut labore"
	return body + words, message, nil
}

// heard counts the messages in a frame.
func (t *talk) heard(reader int, payload []byte) {
	now := time.Now()
	for {
		at := bytes.Index(payload, []byte(marker))
		if at < 0 || len(payload) < at+len(marker)+markedDigits {
			return
		}
		payload = payload[at+len(marker):]
		n, err := strconv.Atoi(string(payload[:markedDigits]))
		if n -= t.first; err != nil || n < 0 || n >= int(t.posted.Load()) {
			continue
		}
		message := &t.messages[n]
		t.delays[reader] = append(t.delays[reader], now.Sub(message.at))
		t.delivered.Add(1)
		if message.left.Add(-1) == 0 {
			close(message.done)
		}
	}
}

// delay returns a quantile of the delays: share of the deliveries took at most that long.
func (t *talk) delay(share float64) time.Duration { return quantile(slices.Concat(t.delays...), share) }

func quantile(delays []time.Duration, share float64) time.Duration {
	if len(delays) == 0 {
		return 0
	}
	slices.Sort(delays)
	return delays[min(len(delays)-1, int(share*float64(len(delays))))]
}
