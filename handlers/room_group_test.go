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
	refused := ada.post("/groups/new", url.Values{"name": {""}, "people": {"bob"}}).expect(http.StatusUnprocessableEntity)
	if refused.document().Find(`input[value="bob"][checked]`).Length() != 1 || refused.text("#name-error") == "" {
		t.Error("the form does not come back as it was, with what is wrong")
	}
	ada.post("/groups/new", url.Values{"name": {"Market"}}).expect(http.StatusUnprocessableEntity)
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
