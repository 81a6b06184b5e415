package engines

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// engine is a browser with one tab. Firefox and WebKit speak different protocols, but both take the input
// sources of WebDriver.
type engine interface {
	// open loads a page, and returns when it is loaded.
	open(address string) error
	// evaluate returns the string that an expression is in the page.
	evaluate(expression string) (string, error)
	// act performs the actions of input sources.
	act(sources []source) error
}

// source is an input source of WebDriver, with its actions.
type source struct {
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Actions []action `json:"actions"`
}

type action struct {
	Type   string `json:"type"`
	Value  string `json:"value,omitempty"` // of a key
	Button int    `json:"button"`
	X      int    `json:"x"`
	Y      int    `json:"y"`
}

// enter is the code of the Enter key in WebDriver.
const enter = "\uE007"

// start starts a program that the end of the test kills, together with all programs that it has started.
func start(t *testing.T, command *exec.Cmd) {
	t.Helper()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		_ = command.Wait()
	})
}

// page is the tab of an engine, on a site.
type page struct {
	t      *testing.T
	engine engine
	site   *e2etest.Site
	frame  int // how many frames it has waited for
}

func (p *page) open(path string) {
	p.t.Helper()
	if err := p.engine.open(p.site.URL + path); err != nil {
		p.t.Fatalf("open %s: %v", path, err)
	}
}

// value evaluates an expression in the page into value.
func (p *page) value(expression string, value any) {
	p.t.Helper()
	found, err := p.engine.evaluate("JSON.stringify(" + expression + ")")
	if err == nil {
		err = json.Unmarshal([]byte(found), value)
	}
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
}

// run runs statements in the page.
func (p *page) run(statements string) {
	p.t.Helper()
	p.value(`(() => { `+statements+`; return true; })()`, new(bool))
}

// is evaluates a condition in the page.
func (p *page) is(condition string) (holds bool) {
	p.t.Helper()
	p.value("Boolean("+condition+")", &holds)
	return holds
}

// eventually waits until a condition holds in the page. A condition that throws does not hold.
func (p *page) eventually(what, condition string) {
	p.t.Helper()
	e2etest.Eventually(p.t, what, func() bool {
		holds, err := p.engine.evaluate(`String((() => { try { return Boolean(` + condition + `) } catch { return false } })())`)
		return err == nil && holds == "true" // it fails while the engine loads another page
	})
}

// nextFrame waits until the page has been painted again, or until the page that has replaced it is painted.
func (p *page) nextFrame() {
	p.t.Helper()
	p.frame++
	p.eventually("the page is painted", fmt.Sprintf(`(() => {
		if (window.awaited !== %[1]d) {
			window.awaited = %[1]d;
			requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = %[1]d; }));
		}
		return window.painted === %[1]d;
	})()`, p.frame))
}

// press presses keys, one after the other.
func (p *page) press(keys string) {
	p.t.Helper()
	keyboard := source{Type: "key", ID: "keyboard"}
	for _, key := range keys {
		keyboard.Actions = append(keyboard.Actions, action{Type: "keyDown", Value: string(key)}, action{Type: "keyUp", Value: string(key)})
	}
	p.act(keyboard)
}

// click clicks the middle of an element.
func (p *page) click(selector string) {
	p.t.Helper()
	var at struct{ X, Y int }
	p.eventually(selector+" is there", fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, selector))
	p.nextFrame() // Firefox takes no pointer before the page is painted
	p.value(fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		element.scrollIntoView({ block: 'nearest' });
		const { x, y, width, height } = element.getBoundingClientRect();
		return { X: Math.round(x + width / 2), Y: Math.round(y + height / 2) };
	})()`, selector), &at)
	p.act(source{Type: "pointer", ID: "mouse", Actions: []action{
		{Type: "pointerMove", X: at.X, Y: at.Y}, {Type: "pointerDown"}, {Type: "pointerUp"},
	}})
}

// fill clicks a field and types a text into it.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.click(selector)
	p.press(text)
}

func (p *page) act(s source) {
	p.t.Helper()
	if err := p.engine.act([]source{s}); err != nil {
		p.t.Fatalf("the %s: %v", s.ID, err)
	}
}

// patience is how long an engine may take to answer.
const patience = e2etest.Patience + 30*time.Second
