package crash

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/store/storetest/proof"
)

// TestKilledUnderLoad kills the program while members post to the public chat and to a private room. No
// confirmed message may be lost, and no repeated post may make a second message.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	const people = 8
	const mostRounds = 20
	rounds, enough := proof.Times(1, 3), proof.Times(100, 300)
	s := e2etest.Open(t, "--limits", "off")
	names := e2etest.Names("author", people)
	clients := s.Newcomers(names...)
	group := mustGroup(s, clients[0], names)
	id, err := strconv.ParseInt(group, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	rooms := []int64{store.PublicRoom, id}
	posted := make([][]string, len(rooms))
	for round := 0; rounds > 0; round++ {
		talks := []*e2etest.Talk{s.Talk(clients[:people/2], fmt.Sprint("round ", round)), s.TalkIn(group, clients[people/2:], fmt.Sprint("private round ", round))}
		e2etest.Eventually(t, "enough posts are confirmed", func() bool {
			return talks[0].Confirmed() >= enough && talks[1].Confirmed() >= enough
		})
		s.Kill()
		var unconfirmed []map[string]*http.Client
		for i, talk := range talks {
			confirmed, lost := talk.End()
			posted[i], unconfirmed = append(posted[i], confirmed...), append(unconfirmed, lost)
		}
		s.Start("--limits", "off")
		for i, room := range rooms {
			if count := s.HoldsIn(room, posted[i]); count > len(posted[i])+len(unconfirmed[i]) {
				t.Errorf("the room has %d messages, want at most the %d that were posted", count, len(posted[i])+len(unconfirmed[i]))
			}
			for body, person := range unconfirmed[i] {
				s.MustPostTo(talks[i].Room, person, body)
				posted[i] = append(posted[i], body)
			}
			if count := s.HoldsIn(room, posted[i]); count != len(posted[i]) {
				t.Errorf("after the unconfirmed posts were sent again, the room has %d messages, want %d", count, len(posted[i]))
			}
		}
		// A kill that no author of a room notices proves nothing.
		if len(unconfirmed[0]) > 0 && len(unconfirmed[1]) > 0 {
			rounds--
		} else if round == mostRounds {
			t.Fatal("authors are hardly ever posting when the program is killed")
		}
	}
}

// mustGroup makes the others friends of the first member, creates a group of all, and returns its room.
func mustGroup(s *e2etest.Site, first *http.Client, names []string) string {
	s.T.Helper()
	for _, name := range names[1:] {
		s.Befriend(names[0], name)
	}
	path := s.Fill(first, "/groups/new", url.Values{"name": {"A group"}, "people": names[1:]})
	return strings.TrimPrefix(path, "/rooms/")
}
