package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// If the connection is lost during the commit of a post, the nonce tells whether it was committed:
// the post is there once, and confirmed.
func TestServersFindOutWhetherAPostWasCommitted(t *testing.T) {
	t.Parallel()
	proxy := storetest.Through(t, storetest.MustAddress(t))
	s := storetest.MustOpenAt(t, proxy.Address)
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "before") // so that the connection has prepared the statements
	for i := range 5 {
		proxy.LoseNextAnswer()
		text := fmt.Sprint("message ", i)
		m, err := s.Post(t.Context(), storetest.New(ada, text))
		if err != nil || m.Source != text || m.Seq != int64(i+2) {
			t.Errorf("%q is %+v, %v", text, m, err)
		}
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 100)
	if err != nil || newest.Version != 6 {
		t.Fatalf("the log is %+v, %v", newest, err)
	}
	wantSeqs(t, newest.Messages, 1, 6)
}

// Lost idle connections cause no errors, even if all are lost.
func TestServersHideLostConnections(t *testing.T) {
	t.Parallel()
	proxy := storetest.Through(t, storetest.MustAddress(t))
	s := storetest.MustOpenAt(t, proxy.Address)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"a session": func() error { _, err := s.SessionByToken(t.Context(), token); return err },
		"a page":    func() error { _, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); return err },
		"a post":    func() error { _, err := s.Post(t.Context(), storetest.New(ada, "hello")); return err },
		"a sign-in": func() error { _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			if err := do(); err != nil {
				t.Fatal(err)
			}
			proxy.Cut()
			if err := do(); err != nil {
				t.Errorf("on a connection that was dropped: %v", err)
			}
		})
	}
}

// If a server hangs, statements fail soon. They work again as soon as it answers.
func TestServersAnswerWhileTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	proxy := storetest.Through(t, storetest.MustAddress(t))
	s := storetest.MustOpenAt(t, proxy.Address)
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "before")
	proxy.Freeze()
	var asking sync.WaitGroup
	for name, do := range map[string]func() error{
		"a page":    func() error { _, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); return err },
		"a post":    func() error { _, err := s.Post(t.Context(), storetest.New(ada, "meanwhile")); return err },
		"a sign-in": func() error { _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); return err },
		"a look":    func() error { return s.Ping(t.Context()) },
	} {
		asking.Go(func() {
			begun := time.Now()
			if err := do(); store.KindOf(err) != store.Unavailable || time.Since(begun) > 20*time.Second {
				t.Errorf("%s, after %v: %v", name, time.Since(begun), err)
			}
		})
	}
	asking.Wait()
	proxy.Thaw()
	if m := storetest.MustPost(t, s, ada, "after"); m.Seq < 2 {
		t.Errorf("after it hung: %+v", m)
	}
}

// If the server stops and restarts, no confirmed message is lost.
func TestServersComeBackAfterTheDatabase(t *testing.T) {
	t.Parallel()
	server := storetest.MustServer(t)
	s := storetest.MustOpenAt(t, server.Address("plaza"))
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "before")
	if err := server.Halt(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(t.Context(), storetest.New(ada, "meanwhile")); store.KindOf(err) != store.Unavailable {
		t.Errorf("a post to a server that is away: %v", err)
	}
	if _, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); store.KindOf(err) != store.Unavailable {
		t.Errorf("reading from a server that is away: %v", err)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("Ping succeeds without the server")
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("once the server is back: %v", err)
	}
	if m := storetest.MustPost(t, s, ada, "meanwhile"); m.Seq != 2 {
		t.Errorf("the post is made twice: %+v", m)
	}
}
