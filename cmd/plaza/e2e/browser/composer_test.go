package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const (
	composerText  = `document.getElementById('message').value`
	composerError = `document.getElementById('composer-error').innerText`
	composerFits  = `document.getElementById('message').scrollHeight <= document.getElementById('message').clientHeight`
)

func (b *tab) mustHold(want string) {
	b.t.Helper()
	if got := b.text(composerText); got != want {
		b.t.Errorf("the composer holds %.60q, want %.60q", got, want)
	}
}

func TestKeysOfTheComposer(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.write("first")
	height := b.number(`document.getElementById('message').offsetHeight`)
	for range 3 {
		b.press(enter, input.ModifierShift)
		b.typeIn("line")
	}
	b.mustHold("first\nline\nline\nline")
	if grown := b.number(`document.getElementById('message').offsetHeight`); grown < height+50 || !b.is(composerFits) {
		t.Errorf("for four lines, the composer grew from %v to %v px", height, grown)
	}
	b.press(enter)
	b.eventually("the message is posted", `document.querySelectorAll('#log article:not(.pending) .body br').length === 3`)
	b.mustHold("")
	if shrunk := b.number(`document.getElementById('message').offsetHeight`); shrunk != height {
		t.Errorf("the empty composer is %v px high, want %v", shrunk, height)
	}
	b.press(enter)
	b.typeIn("  ")
	b.press(enter)
	if got := b.bodies(); len(got) != 1 {
		t.Errorf("an empty text was posted: %q", got)
	}
}

// TestChoosingAWord checks that Enter does not send the message when it chooses a word of an input
// method, for example in Japanese, and that no other key of an input method acts on the page.
func TestChoosingAWord(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.run(
		chromedp.Focus("#message", chromedp.ByQuery), input.ImeSetComposition("にほん", 3, 3),
		chromedp.Evaluate(`for (const key of ['Enter', 'Escape']) document.activeElement.dispatchEvent(
			new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }))`, nil),
		input.InsertText("日本"),
	)
	b.mustHold("日本")
	// Safari ends the composition before the key.
	for _, key := range []string{"Enter", "Escape"} {
		b.press(stroke{key, "", 229})
	}
	b.mustHold("日本")
	if !b.is(`document.activeElement.id === 'message'`) {
		t.Error("the Escape of an input method leaves the composer")
	}
	b.press(enter)
	b.eventually("the next Enter sends the message", `document.querySelector('#log article:not(.pending) .body')?.innerText.trim() === '日本'`)
}

// TestComposerOnATouchScreen checks that Enter breaks the line on a touch screen, and that the button sends.
func TestComposerOnATouchScreen(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.run(emulation.SetTouchEmulationEnabled(true))
	b.join("ada")
	b.send("one")
	b.typeIn("two")
	b.mustHold("one\ntwo")
	b.click(".send")
	b.eventually("the message is posted", `document.querySelectorAll('#log article:not(.pending) .body br').length === 1`)
	b.mustHold("")
}

func TestPreview(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.write("a **strong** word")
	b.click("#show-preview")
	b.eventually("the preview takes the place of the text",
		`document.querySelector('#preview strong')?.checkVisibility() && !document.getElementById('message').checkVisibility()`)
	if !b.is(`document.querySelector('#show-preview').ariaPressed === 'true' && document.querySelector('#write').ariaPressed === 'false'`) {
		t.Error("the button of the preview is not the pressed one")
	}
	b.click("#write")
	b.eventually("the composer is back and has the focus", `document.activeElement.id === 'message' && !document.getElementById('preview').checkVisibility()`)
	b.mustHold("a **strong** word")
	b.click("#show-preview")
	b.eventually("the preview is back", `document.getElementById('preview').checkVisibility()`)
	b.click(".send")
	b.eventually("the preview's message is posted", `document.querySelector('#log article:not(.pending) .body strong')`)
}

// TestRefusedMessage checks that the composer keeps a refused message, and shows the reason until the
// message changes.
func TestRefusedMessage(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t), "422")
	b.join("ada")
	long := strings.Repeat("x", 4001)
	b.run(chromedp.SetValue("#message", long, chromedp.ByQuery))
	b.send("")
	b.eventually("the composer shows the reason", composerError+`.includes('4,000')`)
	b.mustHold(long)
	if !b.is(`document.getElementById('message').matches('[aria-invalid="true"][aria-describedby~="composer-error"]') && !document.querySelector('#log article')`) {
		t.Error("the field is not marked as invalid, or the log has the message")
	}
	b.run(chromedp.Evaluate(`document.getElementById('message').setSelectionRange(0, 1)`, nil))
	b.press(stroke{"Backspace", "", 8})
	b.eventually("the reason is gone", composerError+` === '' && !document.getElementById('message').hasAttribute('aria-invalid')`)
	b.send("")
	b.eventually("the shorter message is posted", `document.querySelector('#log article:not(.pending) .body')?.innerText.trim().length === 4000`)
	b.mustHold("")
}

// tooFast makes a member post elsewhere until stop is called, without a pause. So the site refuses
// nearly all other posts of this member.
func tooFast(s *e2etest.Site, username string) (stop func()) {
	s.T.Helper()
	client := s.Enter(username)
	var posting sync.WaitGroup
	ending, refused := make(chan struct{}), make(chan struct{}, 1)
	for i := range 4 {
		posting.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-ending:
					return
				default:
				}
				body := fmt.Sprint("elsewhere ", i, " ", n)
				if status, err := s.Post(client, body, body); err == nil && status == http.StatusTooManyRequests {
					select {
					case refused <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	e2etest.Eventually(s.T, "the site refuses a post", func() bool { return len(refused) > 0 })
	return func() {
		close(ending)
		posting.Wait()
	}
}

func TestTooFast(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	b := browse(t, s, "429")
	b.join("ada")
	stop := tooFast(s, "ada")
	const burst = 20
	b.run(chromedp.Evaluate(fmt.Sprintf(`{
		const field = document.getElementById('message');
		for (let i = 0; i < %d; i++) {
			field.value = 'burst ' + i + '.';
			document.getElementById('composer').requestSubmit();
		}
	}`, burst), nil))
	b.eventually("the composer says when to try again", composerError+`.includes('try again in')`)
	b.eventually("the page has no pending message", `!document.querySelector('#messages .pending')`)
	stop()
	kept, shown := b.text(composerText), b.bodies()
	for i := range burst {
		message := fmt.Sprintf("burst %d.", i)
		if posted := slices.Contains(shown, message); posted == strings.Contains(kept, message) {
			t.Errorf("%q: posted is %t, and in the composer is %t", message, posted, !posted)
		}
	}
}

// TestPending checks that a message shows fainter in the frame after the key, and that neither it nor the
// messages above move when it is confirmed. It tries a message alone and in a group.
func TestPending(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(20))
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`{
		const field = document.getElementById('message');
		window.places = [];
		window.late = [];
		field.addEventListener('keydown', () => {
			const copy = document.querySelector('article.pending');
			const body = copy?.querySelector('.body').innerText;
			if (!copy?.checkVisibility() || getComputedStyle(copy).color === getComputedStyle(field).color) late.push(body);
			const note = () => {
				const [above, mine] = [...document.querySelectorAll('article .body')].slice(-2);
				if (mine.innerText.trim() !== body) return;
				places.push(body + ' at ' + mine.getBoundingClientRect().y + ' below ' + above.getBoundingClientRect().y);
				requestAnimationFrame(note);
			};
			note();
		});
	}`, nil))
	sent := []string{"by itself", "of its group", "also of its group"}
	for _, text := range sent {
		b.run(chromedp.SetValue("#message", text, chromedp.ByQuery))
		b.send("")
		b.eventually("the message is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body')?.innerText.trim() === '`+text+`'`)
		b.nextFrame()
	}
	if late := b.texts(`late`); len(late) > 0 {
		t.Errorf("messages that were not there and fainter right after the key: %q", late)
	}
	if places := slices.Compact(b.texts(`places`)); len(places) != len(sent) {
		t.Errorf("messages that moved when they were confirmed: %q", places)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{e2etest.Said(e2etest.Yesterday(12, 0), "bob", "```go\nvar one = 1 // "+strings.Repeat("long ", 60)+"\n```")})
	b := browse(t, s)
	b.run(browser.SetPermission(&browser.PermissionDescriptor{Name: "clipboard-write"}, browser.PermissionSettingGranted).WithOrigin(s.URL))
	b.enter("bob", "/")
	if got := b.text(`document.querySelector('.code-language').innerText`); got != "Go" {
		t.Errorf("the language is %q", got)
	}
	b.run(chromedp.Evaluate(`{
		const write = navigator.clipboard.writeText.bind(navigator.clipboard);
		navigator.clipboard.writeText = (text) => { window.copied = text; return write(text); };
	}`, nil))
	b.click(".copy")
	b.eventually("the button says that it copied", `document.querySelector('.copy').innerText === 'Copied'`)
	if got := b.text(`copied`); !strings.HasPrefix(got, "var one = 1 // long") {
		t.Errorf("the button copied %q", got)
	} else if strings.HasSuffix(got, "\n") {
		t.Error("the copy ends with a line break")
	}
	for _, width := range []int64{1280, 390, 320} {
		b.look(width, 800, "light")
		if !b.is(`(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('.code pre'))`) {
			t.Errorf("with a width of %d px, the long line does not scroll in its block", width)
		}
		if b.is(`document.documentElement.scrollWidth > innerWidth || log.scrollWidth > log.clientWidth`) {
			t.Errorf("with a width of %d px, the page scrolls sideways", width)
		}
	}
}
