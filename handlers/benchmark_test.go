package handlers_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plaza/store"
)

// BenchmarkPostToSocket measures the median time from one user's POST to the fragment on another user's socket.
// The message is written to disk in between. Messages in the public chat, with many readers, and in a
// private room, with one, take turns, so that both meet the same load.
func BenchmarkPostToSocket(b *testing.B) {
	for _, readers := range []int{1, 70} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			s := open(b)
			ada, bob := s.member("ada"), s.member("bob")
			s.befriend(ada, bob, "ada", "bob")
			for i := range readers - 1 {
				go drain(b.Context(), s.listen(b, []*browser{ada, bob}[i%2], "1"))
			}
			type room struct {
				name, id string
				socket   *websocket.Conn
				took     []time.Duration
			}
			rooms := []*room{{name: "public", id: "1"}, {name: "private", id: s.pair()}}
			for _, room := range rooms {
				room.socket = s.listen(b, bob, room.id)
			}
			for b.Loop() {
				for _, room := range rooms {
					nonce := rand.Text()
					form := url.Values{"room": {room.id}, "body": {"hello"}, "nonce": {nonce}}
					begun := time.Now()
					answered := make(chan *answer)
					go func() { answered <- ada.post("/messages", form, "HX-Request", "true") }()
					for arrived := false; !arrived; {
						_, frame, err := room.socket.Read(b.Context())
						if err != nil {
							b.Fatal(err)
						}
						arrived = bytes.Contains(frame, []byte(nonce))
					}
					room.took = append(room.took, time.Since(begun))
					(<-answered).expect(http.StatusNoContent)
				}
			}
			for _, room := range rooms {
				slices.Sort(room.took)
				b.ReportMetric(float64(room.took[len(room.took)/2].Nanoseconds()), "ns/"+room.name)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// listen opens a socket to a room. It closes when the benchmark ends.
func (s *site) listen(b *testing.B, reader *browser, room string) *websocket.Conn {
	b.Helper()
	socket, _, err := reader.handshake("/ws?after=0&room="+room, s.url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = socket.CloseNow() })
	return socket
}

// drain reads from the socket until it is closed.
func drain(ctx context.Context, socket *websocket.Conn) {
	for {
		if _, _, err := socket.Read(ctx); err != nil {
			return
		}
	}
}

// The page of the chat has fifty messages. With all kinds of reactions to each it should take at most 1.5 times as long,
// and 80 kB.
func BenchmarkChatPage(b *testing.B) {
	for _, kinds := range []int{0, store.MaxReactions} {
		b.Run(fmt.Sprintf("reactions=%d", kinds), func(b *testing.B) {
			s := open(b)
			ada := s.member("ada")
			for i := range 50 {
				ada.message("hello", fmt.Sprint("nonce", i)).expect(http.StatusNoContent)
				for kind := range kinds {
					if _, err := s.store.React(b.Context(), 1, store.PublicRoom, int64(i*(kinds+1)+1), string('😀'+rune(kind))); err != nil {
						b.Fatal(err)
					}
				}
			}
			var size int
			for b.Loop() {
				answer := ada.get("/").expect(http.StatusOK)
				size = len(answer.body)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// Signing in takes as long to fail for an unknown name as for a wrong password.
func BenchmarkLogin(b *testing.B) {
	s := open(b, withRealHashes(b))
	s.member("ada")
	for name, login := range map[string]string{"known": "ada", "unknown": "nobody"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.in(b).browse().post("/login", credentials(login, "not her password")).expect(http.StatusUnprocessableEntity)
			}
		})
	}
}
