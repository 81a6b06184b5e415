package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// The commit of a post asks whether the author's session lasts. An earlier answer may be out of date.
func TestPostNeedsItsSession(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	session := func(user store.User) store.TokenHash {
		token, err := s.CreateSession(t.Context(), user, "a browser", "its token")
		if err != nil {
			t.Fatal(err)
		}
		return store.HashToken(token)
	}
	set := func(column string, age time.Duration) func(store.TokenHash) {
		return func(hash store.TokenHash) {
			execute(t, address, `UPDATE sessions SET `+column+` = $1 WHERE token_hash = $2`,
				time.Now().Add(-age).UnixMilli(), hash[:])
		}
	}
	tests := []struct {
		name   string
		owner  store.User
		before func(store.TokenHash)
		want   error
	}{
		{"lasting", ada, func(store.TokenHash) {}, nil},
		{"old, but used", ada, set("created_at", store.SessionLifetime-time.Hour), nil},
		{"of somebody else", bob, func(store.TokenHash) {}, store.ErrSignedOut},
		{"ended", ada, func(hash store.TokenHash) {
			if err := s.EndSession(t.Context(), hash); err != nil {
				t.Fatal(err)
			}
		}, store.ErrSignedOut},
		{"idle for too long", ada, set("used_at", store.SessionIdleLifetime+time.Minute), store.ErrSignedOut},
		{"too old", ada, set("created_at", store.SessionLifetime+time.Minute), store.ErrSignedOut},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			post := storetest.New(ada, test.name)
			post.Session = session(test.owner)
			first, err := s.Post(t.Context(), post)
			if test.owner.ID == ada.ID && (err != nil || first.Author != ada.Person) {
				t.Fatalf("before: a post by %+v, %v", first.Author, err)
			}
			test.before(post.Session)
			again := post
			again.Nonce += " again"
			for _, n := range []store.NewMessage{again, post} { // a new message, and one that repeats the first
				if _, err := s.Post(t.Context(), n); !errors.Is(err, test.want) {
					t.Errorf("nonce %q: %v, want %v", n.Nonce, err, test.want)
				}
			}
		})
	}
}

// The post of an ended session takes no other post of its commit with it.
func TestPostsOfEndedSessions(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	var together sync.WaitGroup
	for i := range 40 {
		post := storetest.New(ada, fmt.Sprint("post ", i))
		want := error(nil)
		if post.Session = store.HashToken(token); i%2 == 1 {
			post.Session, want = store.HashToken("no session's"), store.ErrSignedOut
		}
		together.Go(func() {
			if _, err := s.Post(t.Context(), post); !errors.Is(err, want) {
				t.Errorf("post %d: %v, want %v", i, err, want)
			}
		})
	}
	together.Wait()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 100)
	if err != nil || len(newest.Messages) != 20 || newest.Version != 20 {
		t.Errorf("%d messages at version %d, %v", len(newest.Messages), newest.Version, err)
	}
}

// A page that posts for days, and asks for nothing else, keeps its session.
func TestPostRecordsThatItsSessionIsUsed(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	earlier := time.Now().Add(-2 * time.Hour).UnixMilli()
	execute(t, address, `UPDATE sessions SET used_at = $1`, earlier)
	post := storetest.New(ada, "hello")
	post.Session = store.HashToken(token)
	if _, err := s.Post(t.Context(), post); err != nil {
		t.Fatal(err)
	}
	var used int64
	query(t, address, `SELECT used_at FROM sessions`, &used)
	if used <= earlier {
		t.Error("the session's use is not recorded")
	}
}

// A message comes with its author's names and picture as they are at its commit.
func TestPostKnowsItsAuthor(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	if err := s.ChangeProfile(t.Context(), ada, "Countess", "", false); err != nil {
		t.Fatal(err)
	}
	posted := storetest.MustPost(t, s, ada, "hello")
	if posted.Author.Username != "ada" || posted.Author.DisplayName != "Countess" {
		t.Errorf("the author is %+v", posted.Author)
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil || newest.Messages[0].Author != posted.Author {
		t.Errorf("the author read is %+v, %v", newest.Messages[0].Author, err)
	}
}
