package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// told returns the node that assistive technology is told of by a role and a name, or 0 if there is none.
func (b *tab) told(role, name string) (node cdp.BackendNodeID) {
	b.t.Helper()
	// It fails while the browser loads another page.
	_ = chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		root, err := dom.GetDocument().Do(ctx)
		if err != nil {
			return err
		}
		found, err := accessibility.QueryAXTree().WithNodeID(root.NodeID).WithRole(role).WithAccessibleName(name).Do(ctx)
		for _, one := range found {
			if !one.Ignored {
				node = one.BackendDOMNodeID
			}
		}
		return err
	}))
	return node
}

// hears waits until assistive technology is told of a role with a name.
func (b *tab) hears(role, name string) (node cdp.BackendNodeID) {
	b.t.Helper()
	e2etest.Eventually(b.t, fmt.Sprintf("there is a %s %q in\n%s", role, name, b.tree()), func() bool {
		node = b.told(role, name)
		return node != 0
	})
	return node
}

// tree returns the names of all that assistive technology is told, with their roles.
func (b *tab) tree() string {
	b.t.Helper()
	var lines []string
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		nodes, err := accessibility.GetFullAXTree().Do(ctx)
		for _, node := range nodes {
			var role, name string
			if node.Ignored || node.Name == nil || json.Unmarshal(node.Role.Value, &role) != nil || json.Unmarshal(node.Name.Value, &name) != nil || name == "" {
				continue
			}
			lines = append(lines, role+": "+name)
		}
		return err
	}))
	return strings.Join(lines, "\n")
}

// focuses gives the focus to what assistive technology is told of by a role and a name.
func (b *tab) focuses(role, name string) {
	b.t.Helper()
	e2etest.Eventually(b.t, "the focus is on "+role+" "+name, func() bool {
		return chromedp.Run(b.ctx, dom.Focus().WithBackendNodeID(b.hears(role, name))) == nil
	})
}

// presses activates what assistive technology is told of by a role and a name.
func (b *tab) presses(role, name string) {
	b.t.Helper()
	b.focuses(role, name)
	b.press(enter)
}

// TestByAccessibilityTree tells the story of a member by what assistive technology is told alone: register, post,
// accept a request, sign out. It looks at nothing else of the page.
func TestByAccessibilityTree(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("bob")
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.open("/")
	b.presses("link", "Create account")
	for _, field := range []struct{ name, value string }{
		{"Username", "ada"}, {"Email", "ada@example.org"}, {"Password", "a square in the sun"}, {"Confirm password", "a square in the sun"},
	} {
		b.focuses("textbox", field.name)
		b.typeIn(field.value)
	}
	b.presses("button", "Create account")

	b.hears("log", "Public chat")
	b.focuses("textbox", "Message")
	b.typeIn("Hello, everyone")
	b.presses("button", "Send")
	b.hears("StaticText", "Hello, everyone")
	e2etest.Eventually(t, "a message is posted", func() bool { return len(s.Messages()) == 1 })
	s.Holds([]string{"Hello, everyone"})

	s.Fill(s.Enter("bob"), "/friends/ada/request", nil)
	b.presses("button", "Accept: bob")
	e2etest.Eventually(t, "the request is gone", func() bool { return b.told("button", "Accept: bob") == 0 })
	b.presses("link", "Friends")
	b.hears("heading", "1 friend")

	b.presses("button", "Your menu")
	b.presses("button", "Sign out")
	b.hears("link", "Create account")
	if b.told("log", "Public chat") != 0 {
		t.Error("the chat is still there")
	}
}
