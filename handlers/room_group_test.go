package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestGroupByItsForms(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	s.befriend(ada, eve, "ada", "eve")
	refused := ada.post("/groups/new", url.Values{"name": {""}, "people": {"bob", "eve"}}).expect(http.StatusUnprocessableEntity)
	if refused.document().Find(`input[value="bob"][checked]`).Length() != 1 || refused.text("#name-error") == "" {
		t.Error("the form does not come back as it was, with what is wrong")
	}
	ada.post("/groups/new", url.Values{"name": {"Market"}}).expect(http.StatusUnprocessableEntity)
	ada.post("/groups/new", url.Values{"name": {" "}, "people": {"bob"}}).expect(http.StatusSeeOther).expectHeader("Location", "/dm/bob")
	path := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	room := strings.TrimPrefix(path, "/rooms/")
	ada.write(room, "to bob").expect(http.StatusSeeOther)
	eve.get(path).expect(http.StatusNotFound)
	ada.post(path+"/members", url.Values{"others": {"eve"}}).expect(http.StatusSeeOther)
	ada.post(path+"/name", url.Values{"name": {"Honey"}}).expect(http.StatusSeeOther)
	if got := eve.get(path).expect(http.StatusOK).text("main"); !strings.Contains(got, "Honey") || !strings.Contains(got, "eve joined") || !strings.Contains(got, "ada named the group “Honey”") || !strings.Contains(got, "to bob") {
		t.Errorf("eve reads %q", got)
	}
	if got := bob.get(path + "/members").expect(http.StatusOK).text("ul"); !strings.Contains(got, "ada bob eve") {
		t.Errorf("members are %q", got)
	}
	eve.post(path+"/leave", nil).expect(http.StatusSeeOther).expectHeader("Location", "/dm")
	eve.get(path).expect(http.StatusNotFound)
	if got := bob.get(path).text("#messages"); !strings.Contains(got, "eve left") {
		t.Errorf("bob reads %q", got)
	}
	for _, last := range []*browser{ada, bob} {
		last.post(path+"/leave", nil).expect(http.StatusSeeOther)
		last.get(path).expect(http.StatusNotFound)
	}
}

// The form for a group reports all mistakes at once, even if no friend is left to choose.
func TestGroupFormComplains(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	page := ada.post("/groups/new", url.Values{}).expect(http.StatusUnprocessableEntity)
	if page.text("#name-error") == "" || page.text("#people-error") == "" || page.document().Find("[autofocus]").AttrOr("name", "") != "name" {
		t.Errorf("the form says %q", page.text("form"))
	}
	page = ada.post("/groups/new", url.Values{"name": {"Market"}}).expect(http.StatusUnprocessableEntity)
	if page.text("#people-error") == "" || page.document().Find("[autofocus]").AttrOr("name", "") != "people" {
		t.Errorf("the form says %q", page.text("form"))
	}
	group := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	page = ada.post(group+"/members", url.Values{"people": {"eve"}}).expect(http.StatusUnprocessableEntity)
	if got := page.text(`[role="alert"]`); !strings.Contains(got, "is not your friend") {
		t.Errorf("the page says %q", got)
	}
}

// A page asks before it leaves all groups. Open pages of the others show that their member has left.
func TestLeaveAllGroupsByItsForm(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	var paths []string
	for _, name := range []string{"Market", "Honey"} {
		group := url.Values{"name": {name}, "people": {"bob"}}
		paths = append(paths, ada.post("/groups/new", group).expect(http.StatusSeeOther).Header.Get("Location"))
	}
	for _, from := range []string{"/settings/private", paths[0] + "/members"} {
		if bob.get(from).expect(http.StatusOK).document().Find(`a[href="/groups/leave"]`).Length() != 1 {
			t.Errorf("%s does not lead to the page", from)
		}
	}
	page := bob.get("/groups/leave").expect(http.StatusOK)
	if got := page.text(".lead"); got != "You are in 2 groups." {
		t.Errorf("the page says %q", got)
	}
	bob.get(paths[0]).expect(http.StatusOK) // which asking has not changed
	stream := ada.connect("/ws?room=" + strings.TrimPrefix(paths[1], "/rooms/") + "&after=0")
	form := page.document().Find("main form")
	bob.post(form.AttrOr("action", ""), nil).expect(http.StatusSeeOther).expectHeader("Location", "/dm")
	bob.post("/groups/leave", nil).expect(http.StatusSeeOther) // the second of two clicks
	eventually(t, "ada's page shows it", func() bool { return strings.Contains(stream.document().Text(), "bob left") })
	for _, path := range paths {
		bob.get(path).expect(http.StatusNotFound)
		if got := ada.get(path).text("#messages"); !strings.Contains(got, "bob left") {
			t.Errorf("ada reads %q", got)
		}
	}
	if page := bob.get("/groups/leave").expect(http.StatusOK); page.document().Find("main form").Length() != 0 {
		t.Error("who is in no group is asked to leave")
	}
}
