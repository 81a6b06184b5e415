package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// A crowd finds each message in short and long frames, and counts it once for each reader.
func TestCrowdHearsEachMessage(t *testing.T) {
	const readers, messages = 3, 5
	ours := newTalk(readers)
	ends := make([]io.WriteCloser, readers)
	c, err := gather(readers, func(i int) (*bufio.Reader, net.Conn, error) {
		near, far := net.Pipe()
		ends[i] = far
		return bufio.NewReader(near), near, nil
	}, ours.heard)
	if err != nil {
		t.Fatal(err)
	}
	defer c.leave()
	for range messages {
		body, message, err := ours.say(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, end := range ends {
			for _, payload := range []string{body, "not a message", strings.Repeat(" ", 300) + body[:4]} {
				if _, err := end.Write(textFrame([]byte(payload))); err != nil {
					t.Fatal(err)
				}
			}
		}
		<-message.done
	}
	if got := ours.delivered.Load(); got != readers*messages {
		t.Errorf("counted %d deliveries of %d messages to %d readers", got, messages, readers)
	}
	if longest := ours.delay(1); longest <= 0 || longest > time.Minute {
		t.Errorf("the longest delay is %v", longest)
	}
}

func TestBareProgram(t *testing.T) {
	address, out := io.Pipe()
	go func() { _ = serveBare(out) }()
	line, err := bufio.NewReader(address).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	bare := &bareProgram{address: line[:len(line)-1]}
	ours := newTalk(4)
	c, err := gather(4, bare.read, ours.heard)
	if err != nil {
		t.Fatal(err)
	}
	defer c.leave()
	post, closer, err := bare.author(0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closer.Close() }()
	for range 20 {
		if err := sayAndWait(context.Background(), ours, post); err != nil {
			t.Fatal(err)
		}
	}
}
