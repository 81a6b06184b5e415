package live_test

import (
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// Open pages show the new picture of a person once, and not again when somebody else comes.
func TestChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(1)
		there := s.mustConnect(t, 1, 1)
		go there.read()
		time.Sleep(2 * time.Second)
		ada := live.Person{ID: 1, Username: "ada", Name: "Ada", Picture: "new"}
		s.hub.Change([]live.Person{ada})
		time.Sleep(20 * time.Second)
		late := s.mustConnect(t, 2, 1)
		go late.read()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "how ada was said to look", there.state().looks, []live.Person{ada})
		equal(t, "who is there", there.state().people, []string{"Ada", name(2)})
	})
}
