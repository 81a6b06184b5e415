package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// traces returns which files of the database contain a text, in whatever part of them.
func traces(t *testing.T, path, text string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if at := bytes.Index(bytes.ToLower(content), []byte(strings.ToLower(text))); at >= 0 {
			found = append(found, fmt.Sprintf("%s at %d of %d", filepath.Base(file), at, len(content)))
		}
	}
	return found
}

// What a user has erased is nowhere in the file, its free pages and its log. What others wrote beside it
// stays.
func TestDiskForgetsErasedText(t *testing.T) {
	t.Parallel()
	path := storetest.MustFile(t)
	s := storetest.MustOpenAt(t, path)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bobwhoerases")
	const adas, bobs = "adaskeepsake", "bobssecret"
	for i := range 400 {
		for _, author := range []struct {
			user store.User
			mark string
		}{{ada, adas}, {bob, bobs}} {
			// Long texts have pages of their own, short ones share a page.
			m := storetest.New(author.user, strings.Repeat(author.mark+" ", 1+rand.IntN(3)*rand.IntN(100)))
			m.Nonce = fmt.Sprint(i)
			if _, err := s.Post(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	secrets := []string{bobs, "bobsabout", "bobsbrowser", "bobspicture", "bobsmail", "bobwhoerases@"}
	if _, err := s.CreateSession(t.Context(), bob, "bobsbrowser", "its token"); err != nil {
		t.Fatal(err)
	}
	for i, err := range []error{
		s.ChangeProfile(t.Context(), bob, "Bob", "bobsabout", false),
		s.SetPicture(t.Context(), bob, store.Picture{
			Large: bytes.Repeat([]byte("bobspicture"), 5000), Small: bytes.Repeat([]byte("bobspicture"), 500),
		}),
		s.AskEmailChange(t.Context(), bob, "bobsmail@example.com", false, func(change store.EmailChange, _ string) store.Mail {
			return store.Mail{To: change.Email, Subject: "bobsmail", Body: "bobsmail"}
		}),
	} {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	for _, secret := range secrets {
		if len(traces(t, path, secret)) == 0 {
			t.Fatalf("%s is not in the files to begin with", secret)
		}
	}
	if _, err := s.DeleteAccount(t.Context(), bob, true); err != nil {
		t.Fatal(err)
	}
	finishDeletions(t, s)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if found := traces(t, path, secret); len(found) > 0 {
			t.Errorf("%s is still in %v", secret, found)
		}
	}
	if len(traces(t, path, adas)) == 0 {
		t.Error("ada's messages are gone")
	}
	storetest.MustPost(t, s, ada, "posts go on")
}
