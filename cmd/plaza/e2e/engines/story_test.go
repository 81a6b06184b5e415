package engines

import (
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg" // the format of stored pictures
	"net/http"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
	"plaza/views/picture/picturetest"
)

// TestStory tells the main story of a member: register, talk, read back while others write, lose the site
// for a while, crop a picture, sign out.
func TestStory(t *testing.T) {
	for name, start := range map[string]func(*testing.T) engine{"Firefox": startFirefox, "WebKit": startWebKit} {
		t.Run(name, func(t *testing.T) {
			s := e2etest.OpenAfter(t, e2etest.Numbered(60))
			p := &page{t: t, engine: start(t), site: s}
			p.registers()
			p.talks()
			p.readsBack()
			p.losesTheSite()
			p.cropsAPicture()
			p.signsOut()
		})
	}
}

// newest finds the text of the newest message.
const newest = `document.querySelector('#log article:last-of-type:not(.pending) .body').innerText.trim()`

func (p *page) registers() {
	p.open("/register")
	for name, value := range map[string]string{
		"username": "carol", "email": "carol@example.org", "password": storetest.Password, "password_confirm": storetest.Password,
	} {
		p.fill(`[name="`+name+`"]`, value)
	}
	p.press(enter)
	p.eventually("the chat is there, and live", `document.getElementById('log').dataset.viewer === 'carol' && document.getElementById('online').textContent === '1 online'`)
}

func (p *page) talks() {
	p.fill("#message", "Hello **everyone**"+enter)
	p.eventually("the message is posted", newest+` === 'Hello everyone' && document.querySelector('article:last-of-type .body strong') && !document.querySelector('.pending')`)
	p.site.MustPost(p.site.Enter("bob"), "Hello @carol")
	p.eventually("the answer is there", newest+` === 'Hello @carol'`)
	if !p.is(`document.getElementById('message').value === '' && document.getElementById('log').scrollTop === 0`) {
		p.t.Error("the composer is not empty, or the log is not at its end")
	}
	p.press("one line" + enter)
	p.eventually("the focus is still on the composer", newest+` === 'one line'`)
}

// readsBack checks that nothing moves under the eye while messages of all shapes arrive.
func (p *page) readsBack() {
	p.run(`document.getElementById('log').scrollTop -= 500`)
	p.nextFrame()
	p.run(`
		const log = document.getElementById('log').getBoundingClientRect();
		window.eye = [...document.querySelectorAll('#log article .body')].find((body) => body.getBoundingClientRect().top >= log.top);
		window.was = eye.getBoundingClientRect().top;`)
	bob := p.site.Enter("bob")
	for i, shape := range e2etest.Shapes {
		said := fmt.Sprint("number ", i)
		if status, err := p.site.Post(bob, shape+"\n\n"+said, said); err != nil || status != http.StatusNoContent {
			p.t.Fatalf("post %q: %d, %v", shape, status, err)
		}
		p.eventually("the message is there", newest+`.endsWith('`+said+`')`)
		p.nextFrame()
		var moved float64
		if p.value(`eye.getBoundingClientRect().top - was`, &moved); moved > 1 || moved < -1 {
			p.t.Errorf("after %.20q, what is read has moved by %v px", shape, moved)
		}
	}
	p.click("#new-messages")
	p.eventually("the log is at its end", `document.getElementById('log').scrollTop === 0`)
}

func (p *page) losesTheSite() {
	p.fill("#message", "typed before")
	p.site.Kill()
	p.eventually("the page says that it reconnects", `document.getElementById('connection').textContent === 'Reconnecting…'`)
	p.press(enter)
	p.press("typed meanwhile" + enter)
	p.eventually("both messages are pending", `document.querySelectorAll('.pending').length === 2`)
	p.press("a draft")
	p.site.Start()
	p.eventually("both messages are posted", newest+` === 'typed meanwhile' && !document.querySelector('.pending')`)
	p.open("/")
	p.eventually("the draft is still there", `document.getElementById('message').value === 'a draft'`)
	log := p.site.Messages()
	if last := log[len(log)-2:]; last[0].Source != "typed before" || last[1].Source != "typed meanwhile" {
		p.t.Errorf("the log ends with %q and %q", last[0].Source, last[1].Source)
	}
}

func (p *page) cropsAPicture() {
	p.open("/settings/picture")
	p.eventually("the form takes pictures", `document.querySelector('.drop-note').checkVisibility()`)
	file := base64.StdEncoding.EncodeToString(picturetest.MustRedAndBlue(p.t, 900, 400))
	p.run(`
		const files = new DataTransfer();
		files.items.add(new File([Uint8Array.from(atob('` + file + `'), (byte) => byte.charCodeAt(0))], 'halves.png', { type: 'image/png' }));
		const input = document.getElementById('picture');
		input.files = files.files;
		input.dispatchEvent(new Event('change'));`)
	p.eventually("the form shows the crop", `document.querySelector('[name="size"]').value === '400'`)
	p.click("#across") // the middle of its way
	p.press("\uE010")  // End
	p.eventually("the crop is at the right", `document.querySelector('[name="x"]').value === '500'`)
	p.click(`#picture-form [type="submit"]`)
	p.eventually("the picture is saved", `document.querySelector('.saved')`)
	answer, err := p.site.Enter("bob").Get(p.site.URL + "/u/carol/picture?size=large")
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	picture, _, err := image.Decode(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if r, _, b, _ := picture.At(5, picture.Bounds().Dy()/2).RGBA(); r > b {
		p.t.Error("the picture is not the right half")
	}
}

func (p *page) signsOut() {
	p.open("/")
	p.click(".menu-button")
	p.click(".sign-out")
	p.eventually("the welcome page is there", `document.querySelector('main a[href="/register"]')`)
	if !p.is(`localStorage.length === 0 && sessionStorage.length === 0`) {
		p.t.Error("the browser keeps something after signing out")
	}
}
