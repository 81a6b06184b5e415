package views_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"plaza/store"
	"plaza/views"
)

const (
	mailOrigin = "https://chat.example.org"
	mailPath   = "/path?token=T0ken"
	endPath    = "/end?token=T0ken"
)

// letters returns all letters to an account with a username, by their links.
func letters(username string) map[string]store.Mail {
	change := store.EmailChange{Username: username, Email: "new@example.org", Before: "old@example.org"}
	user := store.User{Person: store.Person{Username: username}, Email: "old@example.org"}
	digest := store.Digest{User: user, More: 3, Items: []store.Missed{
		{Kind: store.PrivateMessage, By: username, Count: 2},
		{Kind: store.PrivateMessage, By: username, Count: 4, InGroup: true},
		{Kind: store.PrivateMessage, By: username, Count: 1},
		{Kind: store.PrivateMessage, By: username, Count: 1, InGroup: true},
		{Kind: store.Mentioned, By: username, Count: 1},
		{Kind: store.FriendRequest, By: username, Count: 1},
		{Kind: store.FriendRequest, By: username, Count: 5},
	}}
	return map[string]store.Mail{
		"/notifications":      views.DigestMail(digest, mailOrigin, endPath),
		mailPath + "&verify":  views.ConfirmationMail(store.EmailChange{Username: username, Email: "old@example.org", Before: "old@example.org"}, mailOrigin, mailPath+"&verify"),
		mailPath + "&confirm": views.ConfirmationMail(change, mailOrigin, mailPath+"&confirm"),
		"/settings/password":  views.EmailChangedMail(change, mailOrigin),
		mailPath + "&reset":   views.ResetMail(user, mailOrigin, mailPath+"&reset"),
		"/forgot":             views.PasswordChangedMail(user, mailOrigin),
	}
}

// linkLike matches what mail programs may show as a link: two words with a dot between them.
var linkLike = regexp.MustCompile(`[\p{L}\p{Nd}_-]\.[\p{L}\p{Nd}_-]`)

// visible returns the text of the HTML of a mail.
func visible(t *testing.T, mail store.Mail) string {
	t.Helper()
	return page(t, mail).Find("body").Text()
}

func page(t *testing.T, mail store.Mail) *goquery.Document {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(strings.ReplaceAll(mail.HTML, "</", "\n</")))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// A username in a mail never becomes a link, but can be recognized. It never becomes markup.
func TestUsernamesInMailAreNoLinks(t *testing.T) {
	t.Parallel()
	for username, shown := range map[string]string{
		"www.evil-login.example": "www. evil-login. example", "evil.example": "evil. example", "зло.рф": "зло. рф", "ada": "ada",
		"<b>ada</b>": "<b>ada</b>",
	} {
		for link, mail := range letters(username) {
			own := strings.NewReplacer(mailOrigin+link, "LINK", mailOrigin, "ORIGIN")
			for _, text := range []string{mail.Subject + mail.Body, mail.Subject + visible(t, mail)} {
				if text := own.Replace(text); linkLike.MatchString(text) || !strings.Contains(text, "Hello "+shown+",") {
					t.Errorf("%s: the mail is %s", username, text)
				}
			}
			if want := map[bool]string{true: "new@example.org", false: "old@example.org"}[strings.HasSuffix(link, "confirm")]; mail.To != want {
				t.Errorf("%s goes to %s", mail.Subject, mail.To)
			}
		}
	}
}

// remote matches what makes a mail program load something.
var remote = regexp.MustCompile(`(?i)<(img|link|script|iframe|object|embed|video|audio|source|svg|form|base)\b|\b(src|srcset|background|poster|action)=|url\(|@import|http-equiv|\bon\w+=`)

// Both parts of a letter hold its link, and say the same. The HTML loads nothing: it would tell when it is read.
func TestLettersHaveTwoParts(t *testing.T) {
	t.Parallel()
	for link, mail := range letters("ada") {
		if !slices.Contains(strings.Split(mail.Body, "\n"), mailOrigin+link) {
			t.Errorf("%s: the link stands on no line of its own: %s", mail.Subject, mail.Body)
		}
		for line := range strings.Lines(mail.Body) {
			if utf8.RuneCountInString(line) > 78 && !strings.HasPrefix(line, mailOrigin) {
				t.Errorf("%s: a line is long: %s", mail.Subject, line)
			}
		}
		document := page(t, mail)
		document.Find("a").Each(func(_ int, a *goquery.Selection) {
			if href := a.AttrOr("href", ""); href != mailOrigin+link && href != mail.Unsubscribe {
				t.Errorf("%s links to %s", mail.Subject, href)
			}
		})
		if document.Find("a.button").Length() != 1 || strings.TrimSpace(document.Find("title").Text()) != mail.Subject || document.Find("html").AttrOr("lang", "") == "" {
			t.Errorf("%s: the HTML is %s", mail.Subject, mail.HTML)
		}
		if found := remote.FindString(mail.HTML); found != "" {
			t.Errorf("%s: the HTML has %q", mail.Subject, found)
		}
		if !strings.Contains(mail.HTML, "prefers-color-scheme: dark") || len(mail.HTML) > 20_000 {
			t.Errorf("%s: the HTML has %d bytes", mail.Subject, len(mail.HTML))
		}
		said := strings.Join(strings.Fields(visible(t, mail)), " ")
		for paragraph := range strings.SplitSeq(strings.NewReplacer("-- \n", "", "* ", "").Replace(mail.Body), "\n\n") {
			if words := strings.Join(strings.Fields(paragraph), " "); !strings.Contains(said, words) {
				t.Errorf("%s: the HTML does not say %q", mail.Subject, words)
			}
		}
	}
}
