package store_test

import (
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// A jump of the clock changes the times of later messages, and nothing else. The order is that of
// versions, and times are shown as stored.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"an hour back": -time.Hour, "an hour forward": time.Hour} {
		t.Run(name, func(t *testing.T) {
			address := storetest.MustAddress(t)
			s := storetest.MustOpenAt(t, address)
			ada := storetest.MustUser(t, s, "ada")
			first, second := storetest.MustPost(t, s, ada, "first"), storetest.MustPost(t, s, ada, "second")
			// After the jump, earlier times are off by as much in the other direction.
			noted := shift(t, address, -jump)
			third, fourth := storetest.MustPost(t, s, ada, "third"), storetest.MustPost(t, s, ada, "fourth")
			newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10)
			if err != nil {
				t.Fatal(err)
			}
			want := []store.Message{first, second, third, fourth}
			for i := range want[:2] {
				want[i].PostedAt = want[i].PostedAt.Add(-jump)
			}
			for i, m := range newest.Messages {
				if m.Seq != int64(i+1) || m.Source != want[i].Source || !m.PostedAt.Equal(want[i].PostedAt) {
					t.Errorf("place %d has %q of %v, want %q of %v", i, m.Source, m.PostedAt, want[i].Source, want[i].PostedAt)
				}
			}
			if noted != 2 || len(newest.Messages) != 4 {
				t.Errorf("%d messages were there, and %d are", noted, len(newest.Messages))
			}
			if third.Continues || !fourth.Continues {
				t.Errorf("after the jump the third continues a group: %t, the fourth: %t", third.Continues, fourth.Continues)
			}
		})
	}
}

// shift moves all stored times, and returns the number of messages.
func shift(t *testing.T, address string, by time.Duration) int64 {
	t.Helper()
	db := storetest.Beside(t, address)
	if _, err := db.ExecContext(t.Context(), `UPDATE rooms SET last_posted_at = last_posted_at + $1`,
		by.Milliseconds()); err != nil {
		t.Fatal(err)
	}
	result, err := db.ExecContext(t.Context(), `UPDATE messages SET posted_at = posted_at + $1`, by.Milliseconds())
	if err != nil {
		t.Fatal(err)
	}
	count, err := result.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return count
}
