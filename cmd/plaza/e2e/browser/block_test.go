package browser

import (
	"net/http"
	"net/url"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestBlockedInTheChat checks that a viewer's page hides messages of a blocked author as soon as it loads,
// also from screen readers, and does not highlight their mentions of the viewer. Other viewers see these
// messages as before.
func TestBlockedInTheChat(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, eve := s.Newcomer("ada"), s.Newcomer("eve")
	s.MustPost(ada, "something plain")
	s.MustPost(eve, "a word for @ada, `with code`")
	b := browse(t, s)
	b.enter("ada", "/")
	b.connected()
	const mention, plain = `getComputedStyle(document.querySelector('[data-author="eve"]')).backgroundColor`, `getComputedStyle(document.querySelector('[data-author="bob"]')).backgroundColor`
	tinted := b.text(mention)
	answer, err := ada.PostForm(s.URL+"/blocks/eve", url.Values{})
	if err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("block eve: %v, %v", answer, err)
	}
	s.MustPost(s.Newcomer("bob"), "plain too")
	b.open("/")
	b.eventually("the blocked message is hidden", `getComputedStyle(document.querySelector('[data-author="eve"] .body'), '::before').content.includes('Message from someone you blocked')`)
	if closed := b.text(mention); closed == tinted || closed != b.text(plain) {
		t.Errorf("the mention has the color %s, want that of a plain message", closed)
	}
	if b.is(`document.querySelector('[data-author="eve"]').innerText.match(/a word|eve|code/)`) {
		t.Error("the text of the blocked message is still there")
	}
	other := browse(t, s)
	other.enter("bob", "/")
	if !other.is(`document.querySelector('[data-author="eve"]').innerText.includes('a word for @ada')`) {
		t.Error("other members cannot read the message any more")
	}
}
