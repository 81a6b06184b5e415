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

// TestBlockAndUnblock goes through a profile's menu, with and without JavaScript: a block asks once, and its answer has
// the button that undoes it.
func TestBlockAndUnblock(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada", "eve")
	for name, b := range map[string]*tab{"with scripts": browse(t, s), "without scripts": withoutScripts(t, s)} {
		b.look(390, 844, "light")
		b.take(s.Session("ada"))
		b.open("/u/eve")
		b.click("#relation .menu-button")
		if shown := b.is(`document.querySelector('.copy-link').checkVisibility()`); shown != (name == "with scripts") {
			t.Errorf("%s, the menu has the button that copies: %v", name, shown)
		}
		b.click(`#relation .menu a[href="/blocks/eve"]`)
		b.arrives("the page says what a block does", `document.querySelector('.effects')?.textContent.includes('hidden from you')`)
		b.click(`main form[action="/blocks/eve"] button`)
		b.arrives("the profile says that eve is blocked", `document.querySelector('.relation-now')?.textContent.startsWith('You have blocked eve.')`)
		b.click(`#relation form[action="/blocks/eve/remove"] button`)
		b.arrives("the block is undone", `document.querySelector('#relation form[action="/friends/eve/request"]')`)
	}
}
