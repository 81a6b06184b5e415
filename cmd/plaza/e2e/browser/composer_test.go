package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
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
		t.Errorf("the composer grew from %v to %v px for four lines", height, grown)
	}
	b.press(enter)
	b.eventually("it is posted", `document.querySelectorAll('#log article:not(.pending) .body br').length === 3`)
	b.mustHold("")
	if shrunk := b.number(`document.getElementById('message').offsetHeight`); shrunk != height {
		t.Errorf("the empty composer is %v px high, and was %v", shrunk, height)
	}
	b.press(enter)
	b.typeIn("  ")
	b.press(enter)
	if got := b.bodies(); len(got) != 1 {
		t.Errorf("nothing was sent as a message: %q", got)
	}
}

// TestChoosingAWord checks that the Enter which chooses a word of an input method, for
// Japanese say, does not send.
func TestChoosingAWord(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.run(
		chromedp.Focus("#message", chromedp.ByQuery), input.ImeSetComposition("にほん", 3, 3),
		chromedp.Evaluate(`document.getElementById('message').dispatchEvent(
			new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))`, nil),
		input.InsertText("日本"),
	)
	b.mustHold("日本")
	b.press(enter)
	b.eventually("the Enter after it sends", `document.querySelector('#log article:not(.pending) .body')?.innerText.trim() === '日本'`)
}

func TestPreviewAndHelp(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.write("a **strong** word")
	b.click("#show-preview")
	b.eventually("the preview is shown in the text's place",
		`document.querySelector('#preview strong')?.checkVisibility() && !document.getElementById('message').checkVisibility()`)
	if !b.is(`document.querySelector('#show-preview').ariaPressed === 'true' && document.querySelector('#write').ariaPressed === 'false'`) {
		t.Error("the pressed button is not the preview's")
	}
	b.click("#write")
	b.eventually("one can go on writing", `document.activeElement.id === 'message' && !document.getElementById('preview').checkVisibility()`)
	b.mustHold("a **strong** word")
	b.click("#show-preview")
	b.eventually("the preview is back", `document.getElementById('preview').checkVisibility()`)
	b.click(".send")
	b.eventually("it can be sent from there", `document.querySelector('#log article:not(.pending) .body strong')`)
	b.click(".formatting summary")
	b.eventually("the help is shown", `document.querySelector('.formatting-help td')?.checkVisibility()`)
}

// TestRefusedMessage checks that a message that is refused is not lost, and that it is said
// why until it is mended.
func TestRefusedMessage(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t), "422")
	b.join("ada")
	long := strings.Repeat("x", 4001)
	b.run(chromedp.SetValue("#message", long, chromedp.ByQuery))
	b.send("")
	b.eventually("it is said why", composerError+`.includes('4,000')`)
	b.mustHold(long)
	if !b.is(`document.getElementById('message').matches('[aria-invalid="true"][aria-describedby~="composer-error"]') && !document.querySelector('#log article')`) {
		t.Error("the field is not marked, or the message is shown as sent")
	}
	b.run(chromedp.Evaluate(`document.getElementById('message').setSelectionRange(0, 1)`, nil))
	b.press(stroke{"Backspace", "", 8})
	b.eventually("the refusal goes", composerError+` === '' && !document.getElementById('message').hasAttribute('aria-invalid')`)
	b.send("")
	b.eventually("it goes out once it is shorter", `document.querySelector('#log article:not(.pending) .body')?.innerText.trim().length === 4000`)
	b.mustHold("")
}

// tooFast has somebody post elsewhere, as fast as they are answered, so that the site takes next to
// nothing more of theirs until stop is called.
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
	e2etest.Eventually(s.T, "somebody is too fast", func() bool { return len(refused) > 0 })
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
	b.eventually("the page says to be slower", composerError+`.includes('try again in')`)
	b.eventually("nothing is under way", `!document.querySelector('#messages .pending')`)
	stop()
	kept, shown := b.text(composerText), b.bodies()
	for i := range burst {
		message := fmt.Sprintf("burst %d.", i)
		if posted := slices.Contains(shown, message); posted == strings.Contains(kept, message) {
			t.Errorf("%q is posted: %t, and in the composer: %t", message, posted, !posted)
		}
	}
}

// TestPending checks that what is sent is on the screen in the same frame, fainter, and is
// confirmed without moving it, or what is above: by itself, and in a group.
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
		b.eventually("it is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body')?.innerText.trim() === '`+text+`'`)
		b.nextFrame()
	}
	if late := b.texts(`late`); len(late) > 0 {
		t.Errorf("not there, and fainter, as soon as the key was down: %q", late)
	}
	if places := slices.Compact(b.texts(`places`)); len(places) != len(sent) {
		t.Errorf("messages moved as they were confirmed: %q", places)
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
	b.eventually("it is copied", `document.querySelector('.copy').innerText === 'Copied'`)
	if got := b.text(`copied`); !strings.HasPrefix(got, "var one = 1 // long") {
		t.Errorf("%q was copied", got)
	}
	for _, width := range []int64{1280, 390, 320} {
		b.look(width, 800, "light")
		if !b.is(`(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('.code pre'))`) {
			t.Errorf("at %d px the long line does not scroll in its block", width)
		}
		if b.is(`document.documentElement.scrollWidth > innerWidth || log.scrollWidth > log.clientWidth`) {
			t.Errorf("at %d px the page scrolls sideways", width)
		}
	}
}
