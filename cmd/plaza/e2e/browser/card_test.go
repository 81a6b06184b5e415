package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// cardRest is how long the pointer must rest before a card opens, and be away before it closes.
const cardRest = 300 * time.Millisecond

const (
	// adaSays finds the last message of Ada that begins a group.
	adaSays   = `[...document.querySelectorAll('article[data-author="ada"]:not(.continues)')].at(-1)`
	cardShown = `document.getElementById('card')?.checkVisibility()`
	// cardFits tells whether the window shows all of the card.
	cardFits = `(() => {
		const box = document.getElementById('card').getBoundingClientRect();
		return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
	})()`
	cardsAsked = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/card')).length`
)

func (b *tab) seesCard(of string) {
	b.t.Helper()
	b.eventually("the page shows the card of "+of, cardShown+` && document.querySelector('#card .handle').textContent === '@`+of+`'`)
	if !b.is(cardFits) {
		b.t.Errorf("the card of %s is not in the window", of)
	}
}

func (b *tab) seesNoCard() {
	b.t.Helper()
	b.eventually("the page shows no card", `!document.getElementById('card') && !document.querySelector('[aria-describedby="card"]')`)
}

// away moves the pointer away from all links.
func (b *tab) away() {
	b.t.Helper()
	b.run(input.DispatchMouseEvent(input.MouseMoved, 2, 300))
}

// outlast waits longer than a card takes to open or to close. A card that must stay as it is gives no
// condition to wait for.
func (b *tab) outlast() {
	b.t.Helper()
	b.run(chromedp.Sleep(2 * cardRest))
}

func TestCardByPointer(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.enter("bo", "/")
	b.hover(adaSays + `.querySelector('.author')`)
	b.seesCard("ada")
	b.hover(`document.querySelector('#card .card-name')`)
	b.outlast()
	b.seesCard("ada") // the pointer may move onto the card
	b.away()
	b.seesNoCard()
	b.hover(adaSays + `.querySelector('.picture img')`)
	b.seesCard("ada")
	if asked := b.number(cardsAsked); asked != 1 {
		t.Errorf("the page asked for the same card %v times", asked)
	}
	b.press(escape)
	b.seesNoCard()
	for _, width := range []int64{1280, 390} {
		b.away()
		b.look(width, 800, "light")
		b.run(chromedp.Evaluate(`document.querySelector('.mention').scrollIntoView({ block: 'center' })`, nil))
		b.nextFrame()
		b.hover(`document.querySelector('.mention')`)
		b.seesCard("ada")
		b.run(chromedp.Evaluate(`document.getElementById('log').scrollTop -= 300`, nil))
		b.seesNoCard()
	}
	b.open("/search?q=mei")
	b.hover(`document.querySelector('#results .person')`)
	b.seesCard("mei")
}

func TestCardByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.enter("bo", "/")
	b.run(chromedp.Evaluate(`document.getElementById('message').focus()`, nil))
	b.tabTo(`article[data-author="ada"] .author`, input.ModifierShift)
	b.seesCard("ada")
	if !b.is(`document.activeElement.matches('.author[aria-describedby="card"]')`) {
		t.Error("the card has the focus, or does not describe the link")
	}
	b.away()
	b.outlast()
	b.seesCard("ada") // the link still has the focus
	b.look(320, 800, "light")
	b.eventually("the card fits into a narrower window", cardFits)
	b.press(escape)
	b.seesNoCard()
	b.press(tabulator)
	b.press(tabulator, input.ModifierShift)
	b.seesCard("ada")
	// The card has buttons: the tabulator leads into it and out of it again, and Escape back to the link.
	const inCard, onLink = `document.activeElement.closest('#card')`, `document.activeElement.matches('article[data-author="ada"] .author')`
	b.press(tabulator)
	b.eventually("the focus is in the card", inCard)
	b.press(tabulator, input.ModifierShift)
	b.eventually("the focus is on the link again", onLink)
	b.seesCard("ada")
	b.press(tabulator)
	b.eventually("the focus is in the card again", inCard)
	b.press(escape)
	b.seesNoCard()
	b.eventually("Escape leads back to the link", onLink)
	b.outlast()
	b.seesNoCard() // and does not open it again
	b.press(tabulator)
	b.press(tabulator, input.ModifierShift)
	b.seesCard("ada")
	b.press(tabulator)
	b.eventually("the focus is in the card once more", inCard)
	b.run(chromedp.Evaluate(`window.left = document.querySelector('[aria-describedby="card"]')`, nil))
	b.press(tabulator)
	b.eventually("the focus goes on after the link", `!left.matches('[aria-describedby="card"]') && !`+inCard+` && left.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING`)
}

// TestCardActs checks that a button of a card changes the relation, that the card shows it, and that the page stays.
func TestCardActs(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, evening())
	b := browse(t, s, "404")
	b.look(1280, 800, "light")
	b.enter("bo", "/")
	b.connected()
	b.run(chromedp.Evaluate(`window.isSamePage = true`, nil))
	b.hover(adaSays + `.querySelector('.author')`)
	b.seesCard("ada")
	b.click("#card button")
	b.eventually("the card says that bo has asked", `document.querySelector('#card .card-relation')?.textContent.includes('You sent a friend request') && document.querySelector('#card button').textContent === 'Cancel request'`)
	if !b.is(`isSamePage && document.activeElement.closest('#card') && document.querySelectorAll('#card').length === 1`) {
		t.Error("the page is another one, or the card has lost the focus")
	}
	s.Fill(s.Enter("ada"), "/friends/bo/decline", nil)
	b.click("#card button")
	b.eventually("the card says that it came too late", `document.querySelector('#card .form-error')?.textContent && document.querySelector('#card .card-relation').textContent.includes('declined')`)
	if !b.is(`isSamePage`) {
		t.Error("the page is another one")
	}
}

// TestCardIsBesideItsName checks that a card touches its link and covers neither that nor the composer, wherever in
// the window the link is.
func TestCardIsBesideItsName(t *testing.T) {
	t.Parallel()
	const places = `(() => {
		const box = (element) => element.getBoundingClientRect();
		const card = box(document.getElementById('card'));
		const link = box(document.querySelector('[aria-describedby="card"]'));
		const across = Math.max(card.left - link.right, link.left - card.right);
		const along = Math.max(card.top - link.bottom, link.top - card.bottom);
		const apart = Math.max(across, along);
		return [
			apart < 0 && 'covers its link',
			apart > 9 && 'is ' + apart + ' px away',
			Math.min(across, along) > 0 && 'stands askew',
			card.bottom > box(document.querySelector('.composer-area')).top && 'covers the composer',
		].filter(Boolean);
	})()`
	s := e2etest.OpenAfter(t, evening())
	b := browse(t, s)
	for _, l := range []look{{1280, 800, ""}, {1280, 420, ""}, {390, 844, ""}} {
		b.look(l.width, l.height, "light")
		b.enter("bo", "/")
		b.connected()
		links := map[string]string{
			"the last author": adaSays + `.querySelector('.author')`, "a picture": adaSays + `.querySelector('.picture')`,
			"a mention": `document.querySelector('.mention')`,
		}
		if l.width == 1280 {
			b.eventually("bo is in the list", `document.querySelector('#people .person')`)
			links["somebody at the right edge"] = `document.querySelector('#people .person')`
		}
		for name, link := range links {
			for _, block := range []string{"start", "end"} {
				b.run(chromedp.Evaluate(fmt.Sprintf(`%s.scrollIntoView({ block: '%s' })`, link, block), nil))
				b.nextFrame()
				e2etest.Eventually(t, "the page shows the card of "+name, func() bool { // a log that still scrolls closes it
					b.away()
					b.hover(link)
					b.outlast()
					return b.is(cardShown + ` && ` + link + `.matches('[aria-describedby="card"]')`)
				})
				for _, problem := range b.texts(places) {
					t.Errorf("in a window of %d × %d px, the card of %s at the %s %s", l.width, l.height, name, block, problem)
				}
				if !b.is(cardFits) {
					t.Errorf("in a window of %d × %d px, the card of %s at the %s is not in the window", l.width, l.height, name, block)
				}
				b.away()
				b.seesNoCard()
			}
		}
	}
}

// TestCardIsNotForTouch checks that a tap follows the link, and asks for no card.
func TestCardIsNotForTouch(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(390, 844, "light")
	b.enter("bo", "/")
	b.run(emulation.SetTouchEmulationEnabled(true))
	b.run(chromedp.Evaluate(`addEventListener('pointerover', ({ pointerType }) => { window.pointed = pointerType });
		addEventListener('click', (event) => { event.preventDefault(); window.clicked = true })`, nil))
	b.tap(adaSays+`.querySelector('.author')`, 0.5)
	b.eventually("the link is tapped", `pointed === 'touch' && clicked`)
	b.outlast()
	if asked := b.number(cardsAsked); asked != 0 || b.is(cardShown) {
		t.Errorf("the page asked for %v cards, or shows one", asked)
	}
}

// TestCardIsNotOverTheComposer checks that no card covers the composer, wherever its link is and while the
// composer grows.
func TestCardIsNotOverTheComposer(t *testing.T) {
	t.Parallel()
	const isFree = `document.getElementById('card').getBoundingClientRect().bottom <= document.querySelector('.composer-area').getBoundingClientRect().top`
	s := e2etest.OpenAfter(t, evening())
	b := browse(t, s)
	for _, height := range []int64{800, 360} {
		b.look(1280, height, "light")
		b.enter("bo", "/")
		b.run(chromedp.Evaluate(`window.links = () => [...document.querySelectorAll('#log .author, #log .mention, #people .person')].filter((link) => link.checkVisibility() && !link.matches('.continues .author')).slice(-4)`, nil))
		links := int(b.number(`links().length`))
		for i := range links {
			link := fmt.Sprintf(`links()[%d]`, i)
			b.run(chromedp.Evaluate(link+`.scrollIntoView({ block: 'end' })`, nil))
			b.nextFrame()
			// A log that still scrolls closes the card.
			e2etest.Eventually(t, fmt.Sprintf("the page shows the card of link %d", i), func() bool {
				b.away()
				b.hover(link)
				b.outlast()
				return b.is(cardShown + ` && ` + link + `.matches('[aria-describedby="card"]')`)
			})
			if !b.is(isFree) || !b.is(cardFits) {
				t.Errorf("in a window %d px high, the card of %s is over the composer or not in the window", height, b.text(link+`.textContent`))
			}
			if i == links/2 {
				b.run(chromedp.Evaluate(`document.getElementById('message').value = 'line\n'.repeat(4)`, nil))
				b.eventually("the card makes room for the composer", `!`+cardShown+` || `+isFree)
				b.run(chromedp.Evaluate(`document.getElementById('message').value = ''`, nil))
			}
			b.away()
			b.seesNoCard()
		}
	}
}
