package store_test

import (
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// The allocations of the busiest paths bound their work: one more query takes some thirty
// allocations, and one more per row takes many. Unlike times, they do not depend on the machine.
func TestWorkOfTheBusiestPaths(t *testing.T) {
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		storetest.MustPost(t, s, ada, fmt.Sprint("before ", i))
	}
	nonce := 0
	newest := func(messages int) func() error {
		return func() error {
			page, err := s.NewestMessages(t.Context(), store.PublicRoom, messages)
			if err == nil && len(page.Messages) != messages {
				return fmt.Errorf("%d messages", len(page.Messages))
			}
			return err
		}
	}
	for _, test := range []struct {
		name string
		do   func() error
		most float64
	}{
		{"a session is found", func() error { _, err := s.SessionByToken(t.Context(), token); return err }, 90},
		{"a room is found", func() error { _, err := s.RoomFor(t.Context(), ada.ID, store.PublicRoom); return err }, 60},
		{"a message is posted", func() error {
			nonce++
			_, err := s.Post(t.Context(), storetest.New(ada, fmt.Sprint(nonce)))
			return err
		}, 144},
		{"a page of one message", newest(1), 165},
		{"a page of fifty", newest(50), 165 + 49*16},
	} {
		t.Run(test.name, func(t *testing.T) {
			took := testing.AllocsPerRun(50, func() {
				if err := test.do(); err != nil {
					t.Fatal(err)
				}
			})
			t.Logf("%v allocations", took)
			if took > test.most {
				t.Errorf("it takes %v allocations, more than %v", took, test.most)
			}
		})
	}
}
