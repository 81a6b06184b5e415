package handlers_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// The time from one person's POST to the fragment in another's socket: the message is on
// disk in between.
func BenchmarkPostToSocket(b *testing.B) {
	s := open(b)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	for name, room := range map[string]string{"public": "1", "private": ada.get("/dm/bob").room()} {
		b.Run(name, func(b *testing.B) {
			socket, _, err := bob.handshake("/ws?after=0&room="+room, s.url)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = socket.CloseNow() }()
			for b.Loop() {
				nonce := rand.Text()
				form := url.Values{"room": {room}, "body": {"hello"}, "nonce": {nonce}}
				ada.post("/messages", form, "HX-Request", "true").expect(http.StatusNoContent)
				for arrived := false; !arrived; {
					_, frame, err := socket.Read(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					arrived = bytes.Contains(frame, []byte(nonce))
				}
			}
		})
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
