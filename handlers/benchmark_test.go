package handlers_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
)

// The time from one person's POST to the fragment in another's socket: the message is on
// disk in between.
func BenchmarkPostToSocket(b *testing.B) {
	s := open(b)
	ada := s.member("ada")
	socket, _, err := s.member("bob").handshake("/ws?room=1&after=0", s.url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = socket.CloseNow() }()
	for i := 0; b.Loop(); i++ {
		nonce := fmt.Sprint("nonce", i)
		ada.message("hello", nonce).expect(http.StatusNoContent)
		for arrived := false; !arrived; {
			_, frame, err := socket.Read(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			arrived = bytes.Contains(frame, []byte(nonce))
		}
	}
}

// The chat page with fifty messages, whole, right after a new one.
func BenchmarkChatPage(b *testing.B) {
	s := open(b)
	ada := s.member("ada")
	for i := range 50 {
		ada.message("hello", fmt.Sprint("nonce", i)).expect(http.StatusNoContent)
	}
	for b.Loop() {
		ada.get("/").expect(http.StatusOK)
	}
}
