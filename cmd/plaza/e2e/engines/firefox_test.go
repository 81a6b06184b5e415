package engines

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// firefox is Firefox by WebDriver BiDi, which it speaks without a driver.
type firefox struct {
	socket *websocket.Conn
	tab    string
	sent   int
}

// quiet are settings of a Firefox that asks nothing of the internet.
const quiet = `user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.disabledForTesting", true);
`

func startFirefox(t *testing.T) engine {
	t.Helper()
	profile := t.TempDir()
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(quiet), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0")
	command.Env = append(os.Environ(), "HOME="+profile)
	said, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, command)
	lines := bufio.NewScanner(said)
	address, found := "", false
	for !found && lines.Scan() {
		_, address, found = strings.Cut(lines.Text(), "WebDriver BiDi listening on ")
	}
	go func() { // Firefox must not wait for a reader of what it says
		for lines.Scan() {
		}
	}()
	socket, _, err := websocket.Dial(t.Context(), address+"/session", nil)
	if err != nil {
		t.Fatalf("connect to Firefox at %q: %v", address, err)
	}
	t.Cleanup(func() { _ = socket.CloseNow() })
	socket.SetReadLimit(16 << 20)
	f := &firefox{socket: socket}
	var tree struct{ Contexts []struct{ Context string } }
	if err := f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.call("browsingContext.getTree", map[string]any{}, &tree); err != nil {
		t.Fatal(err)
	}
	f.tab = tree.Contexts[0].Context
	return f
}

// call sends a command, and waits for its result.
func (f *firefox) call(method string, params map[string]any, result any) error {
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	f.sent++
	if err := wsjson.Write(ctx, f.socket, map[string]any{"id": f.sent, "method": method, "params": params}); err != nil {
		return err
	}
	for {
		var answer struct {
			ID             int
			Result         json.RawMessage
			Error, Message string
		}
		switch err := wsjson.Read(ctx, f.socket, &answer); {
		case err != nil:
			return err
		case answer.ID != f.sent:
			continue
		case answer.Error != "":
			return fmt.Errorf("%s: %s: %s", method, answer.Error, answer.Message)
		case result == nil:
			return nil
		}
		return json.Unmarshal(answer.Result, result)
	}
}

func (f *firefox) open(address string) error {
	return f.call("browsingContext.navigate", map[string]any{"context": f.tab, "url": address, "wait": "complete"}, nil)
}

func (f *firefox) evaluate(expression string) (string, error) {
	var found struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	err := f.call("script.evaluate", map[string]any{
		"expression": expression, "target": map[string]any{"context": f.tab}, "awaitPromise": false,
	}, &found)
	if err == nil && found.Type == "exception" {
		err = fmt.Errorf("exception: %s", found.ExceptionDetails.Text)
	}
	return found.Result.Value, err
}

func (f *firefox) act(sources []source) error {
	return f.call("input.performActions", map[string]any{"context": f.tab, "actions": sources}, nil)
}
