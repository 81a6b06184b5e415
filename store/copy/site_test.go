package copy_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/copy"
	"plaza/store/storetest"
)

// texts are messages.
var texts = []string{
	"plain", "two\nlines\ttab\r\n", "👩🏽‍🚀 🇩🇪 👍🏿 🫠", "שלום עולם", "مرحبا بالعالم", "\u202eright to left\u202c",
	"नमस्ते दुनिया", "你好，世界",
	"Zoe\u0301 and Zo\u00e9", "\u200b\ufeffinvisible\u00a0", "\x01\x1f\x7f controls",
	`\N \. \\ "quotes" 'more' $1 %s`, "<b>&amp;</b>", "\ufffd \U0010ffff",
	strings.Repeat("𝕝ong ", 800),
}

// mustSite makes a site as newSite does. It makes it once and copies it, which is faster.
func mustSite(t *testing.T, address string) {
	t.Helper()
	siteMade.Do(func() {
		folder, err := os.MkdirTemp("", "plaza-copy")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		path := filepath.Join(folder, "plaza.db")
		newSite(t, path)
		if madeSite, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	})
	path := address
	if store.IsPostgres(address) {
		path = storetest.MustFile(t)
	}
	write(t, path, string(madeSite))
	if path == address {
		return
	}
	if _, err := copySite(t, path, address); err != nil {
		t.Fatal(err)
	}
}

var (
	siteMade sync.Once
	madeSite []byte // the content of its file
)

// newSite makes a site with rows in all tables, and stops it.
func newSite(t *testing.T, address string) {
	t.Helper()
	s, err := store.Open(t.Context(), address, store.Serve, store.CheapHashes)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ada", "Zoë", "мария"} {
		user := storetest.MustUser(t, s, name)
		if err := s.SetPicture(t.Context(), user, store.Picture{Large: everyByte(), Small: []byte(name)}); err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			message := storetest.New(user, text)
			message.Nonce = fmt.Sprint(name, i)
			if _, err := s.Post(t.Context(), message); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.AskEmailChange(t.Context(), user, fmt.Sprintf("new-%d@example.org", user.ID), true, letter); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			token, err := s.CreateSession(t.Context(), user, "Browser/1.0 ("+name+")", "its token")
			if err == nil {
				err = s.EndSession(t.Context(), store.HashToken(token))
			}
			if err == nil {
				_, err = s.CreateSession(t.Context(), user, "", "its token")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		newPasskey(t, s, user)
		if name == "ada" { // who signs in by her password
			continue
		}
		storetest.MustTurnOnTwoStep(t, s, user)
		if _, err := s.BeginSignIn(t.Context(), user); err != nil {
			t.Fatal(err)
		}
	}
	newContacts(t, s)
	if err := s.RenderAgain(t.Context(), 2, func(_ context.Context, source string) (store.Rendered, error) {
		return store.Rendered{HTML: "<p>" + source + "</p>", Text: source, Mentions: []string{"ada"}, Renderer: 2}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, address, `INSERT INTO old_usernames (username_key, username_look, username, user_id, until)
		VALUES ('countess', 'countess', 'Countess', 1, 9000000000000)`)
	run(t, address, `DELETE FROM site_events WHERE id > 7`) // their ids must not be used again
	run(t, address, `INSERT INTO old_usernames (username_key, username_look, username, user_id, until)
		VALUES ('маша', 'маша', 'Маша', 3, 9000000000000)`)
	mustClose(t, address) // so that the file has all rows
}

// newPasskey adds a passkey to an account, and begins to add another one.
func newPasskey(t *testing.T, s *store.Store, user store.User) {
	t.Helper()
	for _, challenge := range []string{"one of " + user.Username, "another of " + user.Username} {
		if err := s.BeginPasskey(t.Context(), user, "", func(store.PasskeyAccount) (store.Challenge, error) {
			return store.Challenge{Challenge: challenge, Data: "{}"}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddPasskey(t.Context(), user, "one of "+user.Username, func(string, store.PasskeyAccount) (store.NewPasskey, error) {
		return store.NewPasskey{Name: user.Username, Handle: everyByte(), CredentialID: []byte(user.Username), Credential: "{}"}, nil
	}, nil); err != nil {
		t.Fatal(err)
	}
}

func reacted(t *testing.T, s *store.Store, user store.User, seq int64, emoji string) error {
	t.Helper()
	_, err := s.React(t.Context(), user.ID, store.PublicRoom, seq, emoji)
	return err
}

func everyByte() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// newContacts adds relations between the site's three members, and other data of users.
func newContacts(t *testing.T, s *store.Store) {
	t.Helper()
	var members [3]store.User
	for i, name := range []string{"ada", "Zoë", "мария"} {
		user, err := s.UserByName(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		members[i] = user
	}
	ada, zoe, maria := members[0], members[1], members[2]
	_, err := s.OpenPrivateRoom(t.Context(), ada, ada)
	for i, err := range []error{
		err, s.ChooseKinds(t.Context(), maria, []store.NotificationKind{store.Mentioned}),
		s.RequestFriend(t.Context(), ada, zoe), s.AcceptRequest(t.Context(), zoe, ada),
		s.RequestFriend(t.Context(), maria, zoe), s.Block(t.Context(), ada, maria),
		s.AskEmailChange(t.Context(), zoe, "zoe@example.net", false, letter),
		reacted(t, s, ada, 1, "❤️"), reacted(t, s, zoe, 1, "👍🏿"), reacted(t, s, maria, 2, "❤️"),
	} {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

// run runs a statement on the database directly.
func run(t *testing.T, address, statement string) {
	t.Helper()
	db := storetest.Beside(t, address)
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	_ = db.Close()
}

// copySite copies without reporting.
func copySite(t *testing.T, from, to string) (copy.Copied, error) {
	t.Helper()
	return copy.Copy(t.Context(), from, to, func(copy.Progress) {})
}

// letter writes a mail.
func letter(change store.EmailChange, _ string) store.Mail {
	return store.Mail{To: change.Email, Subject: "a link", Body: "Tschüß\n"}
}

// mustClose makes a site and stops it.
func mustClose(t *testing.T, address string) {
	t.Helper()
	s, err := store.Open(t.Context(), address, store.Serve)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
