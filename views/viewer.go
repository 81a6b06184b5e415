package views

import (
	"fmt"
	"net/url"
)

// ViewerStylesheetAddress returns where the viewer's own stylesheet is served.
func ViewerStylesheetAddress(username string) string {
	return "/viewer.css?u=" + url.QueryEscape(username)
}

// ViewerStylesheet marks what is the viewer's own, and what mentions them. It is a file of
// its own so that the messages are the same bytes for everybody. Usernames consist of
// letters, digits, "_", "-" and ".", which are safe inside a CSS string; a link may name
// one escaped or not.
func ViewerStylesheet(username string) string {
	mention := fmt.Sprintf(`.mention:is([href="/u/%s"],[href="%s"])`, username, profilePath(username))
	return "@layer utilities{" +
		fmt.Sprintf(`.message[data-author="%s"]{--message-tint:var(--mine)}`, username) +
		fmt.Sprintf(`.message[data-mentions~="%s"]{--message-tint:var(--mentions-me);--message-edge:var(--accent-line);--message-corner:var(--radius)}`, username) +
		fmt.Sprintf(`%s{--mention-ground:var(--accent-strong);--mention-ink:var(--on-accent)}`, mention) +
		"}\n"
}
