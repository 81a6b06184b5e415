package views_test

import (
	"regexp"
	"strings"
	"testing"

	"plaza/store"
	"plaza/views"
)

// linkLike matches what mail programs may show as a link: two words with a dot between them.
var linkLike = regexp.MustCompile(`[\p{L}\p{Nd}_-]\.[\p{L}\p{Nd}_-]`)

// A username in a mail never becomes a link, but can be recognized.
func TestUsernamesInMailAreNoLinks(t *testing.T) {
	t.Parallel()
	for username, shown := range map[string]string{
		"www.evil-login.example": "www. evil-login. example", "evil.example": "evil. example", "зло.рф": "зло. рф", "ada": "ada",
	} {
		change := store.EmailChange{Username: username, Email: "new@example.org", Before: "old@example.org"}
		for to, mail := range map[string]store.Mail{
			"new@example.org": views.ConfirmationMail(change, "LINK"),
			"old@example.org": views.EmailChangedMail(change, "LINK"),
		} {
			if text := mail.Subject + mail.Body; mail.To != to || linkLike.MatchString(text) || !strings.Contains(text, shown) {
				t.Errorf("%s: the mail is %+v", username, mail)
			}
		}
	}
}
