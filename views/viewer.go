package views

import (
	"fmt"
	"net/url"
	"strings"

	"plaza/store"
)

// ViewerStylesheetAddress returns the address of the viewer's own stylesheet. The address changes
// when the viewer's relations change, so that a browser can cache the stylesheet.
func ViewerStylesheetAddress(viewer store.User) string {
	return fmt.Sprintf("/viewer.css?u=%s&v=%d", url.QueryEscape(viewer.Username), viewer.RelationsVersion)
}

// ViewerStylesheet returns the viewer's own stylesheet. It marks the viewer's messages and reactions, messages that
// mention the viewer, and the viewer's friends. It folds messages of people that the viewer blocked. These marks
// are in a stylesheet, so that messages and the list of people are the same bytes for all viewers.
//
// Usernames consist of letters, digits, "_", "-" and ".", which are safe inside a CSS string. A link may
// contain a username escaped or not.
func ViewerStylesheet(viewer store.Person, relations store.Relations) string {
	names := append([]string{viewer.Username}, relations.Former...)
	rules := fmt.Sprintf(`.message[data-author="%s"]{--message-tint:var(--mine);--message-border:dashed CanvasText}`, viewer.Username) +
		fmt.Sprintf(`.reaction[data-by~="%d"]{--reaction-ground:var(--accent-soft);--reaction-line:var(--accent-line)}`, viewer.ID) +
		fmt.Sprintf(`.message:is(%s){--message-tint:var(--mentions-me);--message-edge:var(--accent-line);--message-border:solid Highlight;--message-corner:var(--radius)}`, each(names, mentioning)) +
		fmt.Sprintf(`.mention:is(%s){--mention-ground:var(--accent-strong);--mention-ink:var(--on-accent)}`, each(names, linksTo))
	if len(relations.Friends) > 0 {
		rules += fmt.Sprintf(`#people .person:is(%s)::after{content:"%s";color:var(--text-soft);font-size:var(--small)}`, each(relations.Friends, linksTo), words.friend())
	}
	if len(relations.Blocked) > 0 {
		blocked := ":is(" + each(relations.Blocked, func(name string) string { return fmt.Sprintf(`[data-author="%s"]`, name) }) + ")"
		folded, quote := ".message"+blocked, ".quote"+blocked
		rules += folded + `{--message-tint:initial;--message-edge:initial;--message-border:initial}` +
			folded + ` :is(.picture,.head,.body>*){display:none}` + folded + ` .body{font-size:0}` +
			folded + ` .body::before{content:"` + words.folded() + `";color:var(--text-soft);font-size:var(--small);font-style:italic}` +
			quote + `>:not(.hidden-visually){display:none}` + quote + `::after{content:"` + words.folded() + `";font-style:italic}`
	}
	return "@layer utilities{" + rules + "}\n"
}

// mentioning returns a selector of the messages that mention a username. A message has the username of its time.
func mentioning(username string) string { return fmt.Sprintf(`[data-mentions~="%s"]`, username) }

// linksTo returns a selector of the links to an account's page.
func linksTo(username string) string {
	plain, escaped := "/u/"+username, profilePath(username)
	if plain == escaped {
		return fmt.Sprintf(`[href="%s"]`, plain)
	}
	return fmt.Sprintf(`[href="%s"],[href="%s"]`, plain, escaped)
}

func each(names []string, selector func(name string) string) string {
	selectors := make([]string, len(names))
	for i, name := range names {
		selectors[i] = selector(name)
	}
	return strings.Join(selectors, ",")
}
