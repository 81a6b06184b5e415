package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plaza/handlers"
	"plaza/store/storetest"
)

// When a server has stopped, the store knows when each user was last seen there.
func TestServerNotesWhoWasHere(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	kept := storetest.MustOpenAt(t, address)
	t.Run("while it runs", func(t *testing.T) {
		s := open(t, func(c *handlers.Config) { c.Store = kept })
		ada, bob := s.member("ada"), s.member("bob")
		s.member("cleo") // reads without a live connection
		ada.connect("/ws")
		left := bob.connect("/ws")
		eventually(t, "both are here", func() bool { return strings.HasPrefix(ada.get("/").text("#online"), "2 ") })
		_ = left.socket.CloseNow()
		eventually(t, "bob has left", func() bool { return strings.HasPrefix(ada.get("/").text("#online"), "1 ") })
		if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `UPDATE users SET seen_at = 0`); err != nil {
			t.Fatal(err)
		}
	})
	for name, want := range map[string]bool{"ada": true, "bob": true, "cleo": false} {
		if user, err := kept.UserByName(t.Context(), name); err != nil || user.SeenAt.IsZero() == want {
			t.Errorf("%s was here at %v, %v", name, user.SeenAt, err)
		}
	}
}

// Profiles show when a user was last seen to the viewers who may see it.
func TestLastSeenVisibility(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	viewers := map[string]*browser{"visitor": s.browse(), "member": bob, "self": ada}
	line := func(viewer *browser) string {
		page := viewer.get("/u/ada").expect(http.StatusOK)
		return strings.Join(strings.Fields(page.document().Find(".seen").Text()), " ")
	}
	for _, test := range []struct {
		name   string
		hidden bool
		seenBy map[string]string // the end of the line, by viewer
	}{
		{"shown", false, map[string]string{"member": "UTC.", "self": "UTC."}},
		{"hidden", true, map[string]string{"self": "Only you can see it."}},
	} {
		form := url.Values{}
		if test.hidden {
			form.Set("seen_hidden", "on")
		}
		ada.post("/settings/profile", form).expect(http.StatusSeeOther)
		if _, hides := ada.get("/settings/profile").document().Find("#seen_hidden").Attr("checked"); hides != test.hidden {
			t.Errorf("%s: the form says hidden: %v", test.name, hides)
		}
		for name, viewer := range viewers {
			got, want := line(viewer), test.seenBy[name]
			if (got == "") != (want == "") || !strings.HasSuffix(got, want) {
				t.Errorf("%s: to the %s it says %q", test.name, name, got)
			}
		}
	}
	ada.post("/settings/profile", url.Values{}).expect(http.StatusSeeOther)
	at, err := time.Parse(time.RFC3339, bob.get("/u/ada").document().Find(".seen time").AttrOr("datetime", ""))
	if err != nil || at.Second() != 0 || time.Since(at) > time.Hour {
		t.Errorf("ada was last here at %v, %v", at, err)
	}
	ada.connect("/ws")
	eventually(t, "bob reads that ada is here, and no more", func() bool {
		return bob.get("/u/ada").document().Find(".here-now").Length() == 1 && line(bob) == ""
	})
}
