package engines

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// webkit is WebKitGTK by WebDriver.
type webkit struct {
	session string // its address
	client  *http.Client
}

// bare lets WebKit run without graphics hardware, and as root.
var bare = []string{"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", "WEBKIT_DISABLE_COMPOSITING_MODE=1", "LIBGL_ALWAYS_SOFTWARE=1"}

func startWebKit(t *testing.T) engine {
	t.Helper()
	browsers, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")
	if err != nil || len(browsers) == 0 {
		t.Fatalf("there is no MiniBrowser of WebKit: %v", err)
	}
	driver := "http://" + e2etest.FreeAddress(t)
	command := exec.Command("WebKitWebDriver", "--port="+driver[strings.LastIndex(driver, ":")+1:])
	command.Env = append(append(os.Environ(), bare...), "DISPLAY="+startScreen(t), "HOME="+t.TempDir())
	start(t, command)
	k := &webkit{client: &http.Client{Timeout: patience}}
	e2etest.Eventually(t, "the driver of WebKit is ready", func() bool {
		answer, err := k.client.Get(driver + "/status")
		return err == nil && answer.Body.Close() == nil
	})
	options := map[string]any{"binary": browsers[0], "args": []string{"--automation"}}
	var session struct{ SessionID string }
	err = k.call(http.MethodPost, driver+"/session", map[string]any{
		"capabilities": map[string]any{"alwaysMatch": map[string]any{"webkitgtk:browserOptions": options}},
	}, &session)
	if err != nil {
		t.Fatalf("start WebKit: %v", err)
	}
	k.session = driver + "/session/" + session.SessionID
	t.Cleanup(func() { _ = k.call(http.MethodDelete, k.session, nil, nil) })
	return k
}

// startScreen starts a screen in memory, and returns its name.
func startScreen(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	command := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
	command.ExtraFiles = []*os.File{write}
	start(t, command)
	_ = write.Close()
	var number int
	if _, err := fmt.Fscan(read, &number); err != nil {
		t.Fatalf("Xvfb names no screen: %v", err)
	}
	return fmt.Sprint(":", number)
}

// call sends a command, and waits for its result.
func (k *webkit) call(method, address string, params map[string]any, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := k.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	switch {
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s %s: %s", method, address, answer.Value)
	case result == nil:
		return nil
	}
	return json.Unmarshal(answer.Value, result)
}

func (k *webkit) open(address string) error {
	return k.call(http.MethodPost, k.session+"/url", map[string]any{"url": address}, nil)
}

func (k *webkit) evaluate(expression string) (found string, err error) {
	err = k.call(http.MethodPost, k.session+"/execute/sync", map[string]any{"script": "return " + expression, "args": []any{}}, &found)
	return found, err
}

func (k *webkit) act(sources []source) error {
	return k.call(http.MethodPost, k.session+"/actions", map[string]any{"actions": sources}, nil)
}
