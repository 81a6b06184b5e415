package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// saves saves the form of a page of settings as it is.
func (b *tab) saves(path string) {
	b.t.Helper()
	b.open(path)
	b.click(`.section .form [type="submit"]`)
	b.eventually("the form is saved", `document.querySelector('.saved')`)
}

const (
	shownSections = `[...document.querySelectorAll('.sections a')].filter((link) => link.checkVisibility()).length`
	shownSection  = `document.querySelector('.section').checkVisibility()`
)

// TestSettingsStandBesideTheirList checks that a desktop shows the list of sections beside each of them, and that a
// phone shows one of the two.
func TestSettingsStandBesideTheirList(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	for _, width := range []int64{1280, 1000, 720} {
		b.look(width, 800, "light")
		for _, path := range []string{"/settings", "/settings/email", "/settings/theme"} {
			b.open(path)
			if n := b.number(shownSections); n != 12 || !b.is(shownSection) {
				t.Errorf("with a width of %d px, %s shows %v sections in the list, and the section: %v", width, path, n, b.is(shownSection))
			}
			if !b.is(`document.querySelector('.section').getBoundingClientRect().left >= document.querySelector('.sections').getBoundingClientRect().right`) {
				t.Errorf("with a width of %d px, the section on %s is not beside the list", width, path)
			}
			if marked := b.text(`document.querySelector('.sections [aria-current="page"]')?.pathname ?? ''`); path != "/settings" && marked != path {
				t.Errorf("the list on %s marks %s", path, marked)
			}
			if b.is(`document.querySelector('.section-back')?.checkVisibility()`) {
				t.Errorf("with a width of %d px, %s has a way back to what it shows", width, path)
			}
		}
	}
	b.look(390, 844, "light")
	b.open("/settings")
	if n := b.number(shownSections); n != 12 || b.is(shownSection) {
		t.Errorf("on a phone, the list shows %v sections, and one beside them: %v", n, b.is(shownSection))
	}
	if chevrons := b.number(`[...document.querySelectorAll('.section-next')].filter((next) => next.checkVisibility()).length`); chevrons != 12 {
		t.Errorf("on a phone, the list has %v chevrons", chevrons)
	}
	if !b.is(`document.querySelector('.sections').getBoundingClientRect().bottom <= innerHeight`) {
		t.Error("on a phone, the list does not fit on the screen")
	}
	b.click(`.sections a[href="/settings/email"]`)
	b.arrives("a phone shows the section", `location.pathname === '/settings/email' && `+shownSection+` && `+shownSections+` === 0`)
	if !b.is(`document.querySelector('.section-back').getBoundingClientRect().bottom <= document.querySelector('h1').getBoundingClientRect().top`) {
		t.Error("on a phone, the way back is not above the title")
	}
	b.click(`.section-back`)
	b.arrives("a phone shows the list again", `location.pathname === '/settings' && `+shownSections+` === 12`)
}

// TestSavedIsAnnouncedOnce checks that a page says once that a form was saved: one status region says it, and has the
// focus, so that screen readers say it. It is gone when the page is loaded again.
func TestSavedIsAnnouncedOnce(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	for name, b := range map[string]*tab{"with scripts": browse(t, s), "without scripts": withoutScripts(t, s)} {
		person := map[string]string{"with scripts": "ada", "without scripts": "bob"}[name]
		s.Join(person)
		b.take(s.Session(person))
		b.saves("/settings/profile")
		if said := b.texts(`[...document.querySelectorAll('[role="status"], [role="alert"], [aria-live]')].map(({ textContent }) => textContent.trim()).filter((text) => text.includes('Saved'))`); len(said) != 1 {
			t.Errorf("%s, %d regions say %q", name, len(said), said)
		}
		b.eventually("the note has the focus", `document.activeElement.matches('.saved')`)
		if b.text(`location.search`) != "" || !b.is(`document.querySelector('.saved').getBoundingClientRect().bottom < innerHeight / 3`) {
			t.Errorf("%s, the note is not near the top, or the address has a query", name)
		}
		b.run(chromedp.Reload())
		b.arrives("the page says nothing", `document.querySelector('.section') && !document.querySelector('.saved')`)
	}
}

func TestThemeSettingWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada")
	b := withoutScripts(t, s)
	b.take(s.Session("ada"))
	b.look(1280, 800, "light")
	b.open("/settings/theme")
	b.click(`.themes [value="dark"]`)
	b.arrives("the page says that the theme is saved", `document.querySelector('.saved') && document.querySelector('.themes [value="dark"]').ariaPressed === 'true'`)
	if !b.is(isDark) || b.text(`location.pathname`) != "/settings/theme" || b.text(`document.querySelector('.sections li:has([aria-current="page"]) .section-state').textContent`) != "Dark" {
		t.Error("the page is not dark, or another one, or its list does not say so")
	}
	b.run(chromedp.Reload())
	b.arrives("the page stays dark and says nothing", `document.querySelector('.themes') && !document.querySelector('.saved')`)
	if !b.is(isDark) {
		t.Error("the page forgot the theme")
	}
}
