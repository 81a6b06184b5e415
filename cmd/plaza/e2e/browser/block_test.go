package browser

import (
	"net/http"
	"net/url"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// What somebody blocked writes is folded away at once where the page is loaded, is not set off where
// it mentions whoever blocked them, and is not read out; to all others it is as it was.
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
		t.Fatalf("blocking: %v, %v", answer, err)
	}
	s.MustPost(s.Newcomer("bob"), "plain too")
	b.open("/")
	b.eventually("it is folded away", `getComputedStyle(document.querySelector('[data-author="eve"] .body'), '::before').content.includes('Message from someone you blocked')`)
	if closed := b.text(mention); closed == tinted || closed != b.text(plain) {
		t.Errorf("the mention is %s, as before the block, or not as what is plain", closed)
	}
	if b.is(`document.querySelector('[data-author="eve"]').innerText.match(/a word|eve|code/)`) {
		t.Error("it is still to be read")
	}
	other := browse(t, s)
	other.enter("bob", "/")
	if !other.is(`document.querySelector('[data-author="eve"]').innerText.includes('a word for @ada')`) {
		t.Error("others do not read it any more")
	}
}
