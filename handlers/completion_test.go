package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// completes returns the texts that complete a word, as a page asks for them.
func (b *browser) completes(room, word string) []string {
	b.t.Helper()
	fragment := b.get("/complete?room="+room+"&q="+url.QueryEscape(word), "HX-Request", "true").expect(http.StatusOK)
	return fragment.document().Find(`li[role="option"]`).Map(func(_ int, option *goquery.Selection) string { return option.AttrOr("data-value", "") })
}

// TestCompletePeople checks who completes a mention: in the public chat friends first, then people who wrote there, then
// others; in a private room its members. Nobody learns who is in a room of others.
func TestCompletePeople(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, bella, bo := s.member("ada"), s.member("bob"), s.member("bella"), s.member("bo_friend")
	boris := s.member("boris")
	s.member("brad")
	s.befriend(ada, bo, "ada", "bo_friend")
	s.befriend(ada, bella, "ada", "bella")
	boris.message("hello", "one").expect(http.StatusNoContent)
	ada.post("/settings/profile", url.Values{"display_name": {"Countess Bolovelace"}}).expect(http.StatusSeeOther)
	mustComplete := func(who *browser, room, word string, want ...string) {
		t.Helper()
		if got := who.completes(room, word); !slices.Equal(got, want) {
			t.Errorf("%s in room %s becomes %q, want %q", word, room, got, want)
		}
	}
	mustComplete(ada, "1", "@bo", "@bo_friend ", "@boris ", "@bob ")
	mustComplete(ada, "1", "@BOB", "@bob ")
	mustComplete(ada, "1", "@", "@bella ", "@bo_friend ", "@boris ")
	mustComplete(bob, "1", "@bolo", "@ada ")
	for _, word := range []string{"", "bo", "@nobody", "<b>", "@\xff"} {
		mustComplete(ada, "1", word)
	}
	ada.relate("/blocks/boris").expect(http.StatusSeeOther)
	mustComplete(ada, "1", "@bo", "@bo_friend ", "@bob ")

	path := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bo_friend", "bella"}}).expect(http.StatusSeeOther).Header.Get("Location")
	group := strings.TrimPrefix(path, "/rooms/")
	mustComplete(ada, group, "@b", "@bella ", "@bo_friend ")
	mustComplete(bella, group, "@", "@bo_friend ", "@ada ")
	for _, room := range []string{group, "999", "0", "x"} {
		bob.get("/complete?room=" + room + "&q=@").expect(http.StatusNotFound)
	}
	bob.get("/complete?room=" + group + "&q=:smi").expect(http.StatusNotFound)
	bella.post(path+"/leave", nil).expect(http.StatusSeeOther)
	bella.get("/complete?room=" + group + "&q=@").expect(http.StatusNotFound)
	bo.post("/settings/delete", url.Values{"password": {registration("").Get("password")}}).expect(http.StatusSeeOther)
	mustComplete(ada, group, "@")
	mustComplete(ada, "1", "@bo", "@bob ")
	s.browse().get("/complete?room=1&q=@bo").expect(http.StatusSeeOther)
}

// TestCompletionIsBounded checks that a common beginning has few completions.
func TestCompletionIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for _, name := range []string{"bo1x", "bo2x", "bo3x", "bo4x", "bo5x", "bo6x", "bo7x", "bo8x", "bo9x"} {
		s.member(name)
	}
	for word, first := range map[string]string{"@bo": "@bo1x ", ":smi": "😄"} {
		if got := ada.completes("1", word); len(got) != 8 || got[0] != first {
			t.Errorf("%s becomes %q", word, got)
		}
	}
	if got := ada.completes("0", ":tad"); !slices.Equal(got, []string{"🎉"}) {
		t.Errorf("in a room that does not exist yet, :tad becomes %q", got)
	}
}
