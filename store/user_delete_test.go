package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// A deleted account leaves only its messages and its reserved names.
func TestAccountIsDeleted(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, eve, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"),
		storetest.MustUser(t, s, "eve"), storetest.MustUser(t, s, "mei")
	must := func(errs ...error) {
		t.Helper()
		for i, err := range errs {
			if err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
	}
	token, err := s.CreateSession(t.Context(), bob, "a browser", "its token")
	must(
		err,
		s.ChangeUsername(t.Context(), bob, "robert"),
		s.ChangeProfile(t.Context(), bob, "Bob", "I build.", false),
		s.RequestFriend(t.Context(), bob, ada), s.AcceptRequest(t.Context(), ada, bob),
		s.RequestFriend(t.Context(), eve, bob), s.Block(t.Context(), mei, bob),
		s.SetPicture(t.Context(), bob, store.Picture{Large: []byte("large"), Small: []byte("small")}),
		s.ChooseKinds(t.Context(), bob, nil), s.ChangeTheme(t.Context(), bob, "dark"),
		s.NoteSeen(t.Context(), []int64{bob.ID}),
		s.AskEmailChange(t.Context(), bob, "bob@example.com", false, func(change store.EmailChange, _ string) store.Mail {
			return store.Mail{To: change.Email, Subject: "a link", Body: "a link"}
		}),
	)
	must(s.RefuseAddress(t.Context(), bob.Email, 550))
	posted := storetest.MustPost(t, s, bob, "what I said")
	session, err := s.SessionByToken(t.Context(), token)
	must(err)
	before, err := s.SiteEvents(t.Context(), 0)
	must(err)

	deletion, err := s.DeleteAccount(t.Context(), bob, false)
	must(err)
	if len(deletion.Versions) != 0 || len(deletion.States) != 0 {
		t.Errorf("rooms changed: %v", deletion)
	}
	events, err := s.SiteEvents(t.Context(), before.Mark)
	must(err)
	if len(events.Ended) != 1 || events.Ended[0] != session.Hash || len(events.Changed) != 1 ||
		events.Changed[0].ID != bob.ID {
		t.Errorf("the site events are %v", events)
	}
	deletedName := fmt.Sprint("~", bob.ID)
	for _, name := range []string{"bob", "robert", deletedName, "\uff5e2"} {
		if _, err := s.UserByName(t.Context(), name); store.KindOf(err) != store.NotFound {
			t.Errorf("%s is an account: %v", name, err)
		}
		if _, err := s.UserByOldName(t.Context(), name); store.KindOf(err) != store.NotFound {
			t.Errorf("%s leads to an account: %v", name, err)
		}
		for _, password := range []string{storetest.Password, ""} {
			if _, err := s.Authenticate(t.Context(), name, password); store.KindOf(err) != store.Invalid {
				t.Errorf("%s signs in: %v", name, err)
			}
		}
		_, err := s.CreateUser(t.Context(), registration(name, 1))
		if expectTaken(t, err); err == nil {
			t.Errorf("a new account got the name %s", name)
		}
	}
	if names, err := s.Usernames(t.Context(), []string{"bob", "robert", deletedName}); err != nil || len(names) != 0 {
		t.Errorf("they can be mentioned: %v, %v", names, err)
	}
	if users, err := s.Users(t.Context()); err != nil || len(users) != 3 {
		t.Errorf("the accounts are %v, %v", users, err)
	}
	for name, statement := range map[string]string{
		"what they gave": `SELECT count(*) FROM users
			WHERE id = $1 AND (display_name <> '' OR about <> '' OR email <> '' OR password_hash <> ''
			OR picture <> '' OR theme <> '' OR seen_at > 0 OR deleted_at = 0)`,
		"pictures":    `SELECT count(*) FROM pictures WHERE user_id = $1`,
		"emails":      `SELECT count(*) FROM email_changes WHERE user_id = $1`,
		"refusals":    `SELECT count(*) FROM refused_addresses WHERE $1 > 0`,
		"letters":     `SELECT count(*) FROM jobs WHERE $1 > 0`,
		"sessions":    `SELECT count(*) FROM sessions WHERE user_id = $1`,
		"friends":     `SELECT count(*) FROM friends WHERE user_id = $1 OR friend_id = $1`,
		"requests":    `SELECT count(*) FROM friend_requests WHERE from_id = $1 OR to_id = $1`,
		"notices":     `SELECT count(*) FROM notifications WHERE user_id = $1 OR actor_id = $1`,
		"choices":     `SELECT count(*) FROM muted_kinds WHERE user_id = $1`,
		"browsers":    `SELECT count(*) FROM browsers WHERE user_id = $1`,
		"invitations": `SELECT count(*) FROM invites WHERE maker_id = $1`,
		"invited":     `SELECT count(*) FROM invited WHERE user_id = $1`,
		"blocks":      `SELECT count(*) FROM blocks WHERE blocker_id = $1 OR blocked_id = $1`,
		"stale pages": `SELECT count(*) FROM users WHERE username IN ('ada', 'mei') AND relations_version < 2 AND $1 > 0`,
	} {
		var kept int
		if query(t, address, statement, &kept, bob.ID); kept != 0 {
			t.Errorf("%d rows of %s are kept", kept, name)
		}
	}
	changes, err := s.Changes(t.Context(), store.PublicRoom, 0, 10)
	if err != nil || len(changes) != 1 || changes[0].Source != "what I said" ||
		changes[0].Author.Name() != "deleted account" || changes[0].Author.Username != deletedName {
		t.Errorf("the messages are %+v, %v", changes, err)
	}
	if user, err := s.CreateUser(t.Context(),
		store.NewUser{Username: "carol", Email: bob.Email, Password: storetest.Password}); err != nil {
		t.Errorf("the email is not free: %v", err)
	} else if user.Role != store.Member {
		t.Errorf("carol is %s", user.Role)
	}

	again := storetest.New(bob, posted.Source)
	again.Nonce = posted.Nonce
	_, repeated := s.Post(t.Context(), again)
	_, posting := s.Post(t.Context(), storetest.New(bob, "from the grave"))
	_, signingIn := s.CreateSession(t.Context(), bob, "a browser", "its token")
	_, deleting := s.DeleteAccount(t.Context(), bob, true)
	for i, err := range []error{
		repeated, posting, signingIn, deleting,
		s.RequestFriend(t.Context(), bob, ada), s.RequestFriend(t.Context(), ada, bob), s.Block(t.Context(), ada, bob),
		s.ChangeProfile(t.Context(), bob, "Bob", "", false), s.ChangeEmail(t.Context(), bob, "bob@example.net", false),
		s.SetPicture(t.Context(), bob, store.Picture{}), s.RemovePicture(t.Context(), bob),
		s.ChangeUsername(t.Context(), bob, "bobby"), s.ChangePassword(t.Context(), bob, session.Hash, "a new long phrase"),
	} {
		if store.KindOf(err) != store.NotFound {
			t.Errorf("action %d of a deleted user: %v", i, err)
		}
	}
}

// finishDeletions returns the new versions of rooms.
func finishDeletions(t *testing.T, s *store.Store) map[int64]int64 {
	t.Helper()
	versions, err := s.FinishDeletions(t.Context())
	if err != nil {
		t.Fatalf("finish deletions: %v", err)
	}
	return versions
}

// The messages of a talkative user are erased in batches, and posts commit between them.
func TestErasingDelaysNoPosts(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	const messages, batch = 5000, 500
	execute(t, address, `WITH RECURSIVE numbers (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < $2)
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		SELECT 1, n, n, $1, CAST(n AS TEXT), 'x', 'x', 'x', '', 1, FALSE, 1 FROM numbers`, bob.ID, messages)
	execute(t, address, `UPDATE rooms SET version = $1 WHERE id = 1`, messages)
	// Each transaction that changes the room leaves a step.
	execute(t, address, `CREATE TABLE steps (version BIGINT PRIMARY KEY, changes BIGINT NOT NULL)`)
	const note = `INSERT INTO steps (version, changes) VALUES (new.version, new.version - old.version)`
	const changed = `CREATE TRIGGER note AFTER UPDATE OF version ON rooms FOR EACH ROW WHEN (new.version > old.version) `
	if store.IsPostgres(address) {
		execute(t, address, `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN `+note+`; RETURN NULL; END $$`)
		execute(t, address, changed+`EXECUTE FUNCTION note()`)
	} else {
		execute(t, address, changed+`BEGIN `+note+`; END`)
	}
	_, err := s.DeleteAccount(t.Context(), bob, true)
	mustDo(t, err)

	erased, posting := make(chan struct{}), make(chan struct{})
	var poster sync.WaitGroup
	poster.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-erased:
				return
			default:
				if _, err := s.Post(t.Context(), storetest.New(ada, fmt.Sprint("meanwhile ", i))); err != nil {
					t.Error(err)
				}
				if i == 0 {
					close(posting)
				}
			}
		}
	})
	<-posting
	finishDeletions(t, s)
	close(erased)
	poster.Wait()

	var most, sum, between int
	query(t, address, `SELECT max(changes) FROM steps`, &most)
	query(t, address, `SELECT sum(changes) FROM steps WHERE changes > 1`, &sum)
	query(t, address, `SELECT count(*) FROM steps WHERE changes = 1
		AND version > (SELECT min(version) FROM steps WHERE changes > 1) AND version < (SELECT max(version) FROM steps WHERE changes > 1)`, &between)
	if most != batch || sum != messages || between == 0 {
		t.Errorf("a transaction changes up to %d messages, all change %d, and %d posts come between", most, sum, between)
	}
}

// A message that was rendered before a deletion, and comes after it, does not keep its link.
func TestLateMentionsAreUnlinked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := storetest.MustOpen(t)
		ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
		var rendered []string
		unlink := func() (changed bool) {
			t.Helper()
			rendered = nil
			changed, err := s.UnlinkMentions(t.Context(), func(_ context.Context, source string) (store.Rendered, error) {
				rendered = append(rendered, source)
				return store.Rendered{HTML: "<p>" + source + "</p>", Text: source, Renderer: 1}, nil
			})
			mustDo(t, err)
			return changed
		}
		post := func(text string) {
			t.Helper()
			message := storetest.New(ada, text)
			message.Mentions = []string{"bob"}
			_, err := s.Post(t.Context(), message)
			mustDo(t, err)
		}
		post("before")
		_, err := s.DeleteAccount(t.Context(), bob, false)
		mustDo(t, err)
		for _, text := range []string{"before", "soon after", "a minute later"} {
			if text != "before" {
				post(text)
			}
			if unlink(); !slices.Equal(rendered, []string{text}) {
				t.Errorf("%s: these are rendered again: %q", text, rendered)
			}
			time.Sleep(time.Minute)
		}
		if unlink(); len(rendered) > 0 || unlink() {
			t.Errorf("it never ends, with %q", rendered)
		}
	})
}

// Erasing a message is a change of its room: the message takes the next version and keeps its
// place.
func TestMessagesAreErased(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	for i := range 5 {
		storetest.MustPost(t, s, ada, fmt.Sprint("ada ", i))
		storetest.MustPost(t, s, bob, fmt.Sprint("bob ", i))
	}
	// At the same time, messages are rendered again.
	err := s.RenderAgain(t.Context(), 2, func(_ context.Context, source string) (store.Rendered, error) {
		if source == "bob 4" {
			if deletion, err := s.DeleteAccount(t.Context(), bob, true); err != nil || len(deletion.Versions) != 0 {
				t.Errorf("changed: %v, %v", deletion, err)
			}
			if versions := finishDeletions(t, s); len(versions) != 1 || versions[store.PublicRoom] != 15 {
				t.Errorf("erased up to %v", versions)
			}
		}
		return store.Rendered{HTML: "<p>" + source + "</p>", Text: source, Renderer: 2}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(t.Context(), store.PublicRoom, 10, 15)
	if err != nil || len(changes) != 5 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	for i, m := range changes {
		if m.Seq != int64(2*i+2) || m.Version != int64(11+i) || !m.Deleted || m.Source != "" || m.HTML != "" {
			t.Errorf("change %d is %+v", i, m)
		}
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 20)
	if err != nil || newest.Version != 15 || len(newest.Messages) != 10 {
		t.Fatalf("the page is of %d, with %d messages, %v", newest.Version, len(newest.Messages), err)
	}
	for i, m := range newest.Messages {
		if m.Seq != int64(i+1) || m.Deleted != (i%2 == 1) || !m.Deleted && m.HTML != fmt.Sprintf("<p>ada %d</p>", i/2) {
			t.Errorf("message %d is %+v", i, m)
		}
	}
	if m := storetest.MustPost(t, s, ada, "and now?"); m.Version != 16 || m.Continues {
		t.Errorf("the next is %+v", m)
	}
}

// Concurrent actions of a user whose account is being deleted leave nothing behind, and do not
// delay other posts.
func TestAccountIsDeletedWhileItActs(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	ada, bob := storetest.MustUser(t, both[0], "ada"), storetest.MustUser(t, both[0], "bob")
	var begun, posted atomic.Int64
	var over atomic.Bool
	allowed := func(err error) {
		if err != nil && store.KindOf(err) != store.NotFound && store.KindOf(err) != store.Invalid {
			t.Error(err)
		}
	}
	var acting, deleting sync.WaitGroup
	for i := range 4 {
		s := both[i%2]
		acting.Go(func() {
			for !over.Load() {
				_, err := s.Post(t.Context(), storetest.New(bob, "bob: "+rand.Text()))
				if allowed(err); err == nil {
					posted.Add(1)
				}
				begun.Add(1)
			}
		})
		acting.Go(func() {
			for !over.Load() {
				if _, err := s.Post(t.Context(), storetest.New(ada, "ada: "+rand.Text())); err != nil {
					t.Error(err)
				}
			}
		})
		acting.Go(func() {
			for !over.Load() {
				allowed(s.RequestFriend(t.Context(), bob, ada))
				allowed(s.RequestFriend(t.Context(), ada, bob))
				_, err := s.CreateSession(t.Context(), bob, "a browser", "its token")
				allowed(err)
				allowed(s.ChangeEmail(t.Context(), bob, "bob@example.net", false))
				allowed(s.ChangeProfile(t.Context(), bob, "Bob", "I build.", false))
			}
		})
	}
	for i := range 2 {
		deleting.Go(func() {
			for begun.Load() < 20 {
				runtime.Gosched()
			}
			_, err := both[i].DeleteAccount(t.Context(), bob, true)
			allowed(err)
			_, err = both[i].FinishDeletions(t.Context()) // both servers at once
			allowed(err)
		})
	}
	deleting.Wait()
	for seen := begun.Load(); begun.Load() < seen+20; {
		runtime.Gosched()
	}
	over.Store(true)
	acting.Wait()
	for what, statement := range map[string]string{
		"messages with a text": `SELECT count(*) FROM messages
			WHERE author_id = $1 AND (source <> '' OR html <> '' OR text <> '' OR NOT erased)`,
		"sessions": `SELECT count(*) FROM sessions WHERE user_id = $1`,
		"friends":  `SELECT count(*) FROM friends WHERE user_id = $1 OR friend_id = $1`,
		"requests": `SELECT count(*) FROM friend_requests WHERE from_id = $1 OR to_id = $1`,
		"emails":   `SELECT count(*) FROM users WHERE id = $1 AND (email <> '' OR about <> '')`,
		"versions left out": `SELECT version - (SELECT count(*) FROM messages) - (SELECT count(*) FROM messages
			WHERE author_id = $1) FROM rooms WHERE id = 1`,
	} {
		var left int
		if query(t, address, statement, &left, bob.ID); left != 0 {
			t.Errorf("%d %s", left, what)
		}
	}
	var kept int64
	if query(t, address, `SELECT count(*) FROM messages WHERE author_id = $1`, &kept,
		bob.ID); kept != posted.Load() || kept == 0 {
		t.Errorf("%d of %d messages have a place", kept, posted.Load())
	}
}

// The owner cannot leave other members alone. If there are none, the next account owns the site.
func TestOwnerLeaves(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	if _, err := s.DeleteAccount(t.Context(), ada, false); store.KindOf(err) != store.Invalid {
		t.Fatalf("the owner left others alone: %v", err)
	}
	for _, user := range []store.User{bob, ada} {
		if _, err := s.DeleteAccount(t.Context(), user, false); err != nil {
			t.Fatalf("%s: %v", user.Username, err)
		}
	}
	if owned, err := s.HasOwner(t.Context()); err != nil || owned {
		t.Errorf("the site has an owner: %v, %v", owned, err)
	}
	if carol := storetest.MustUser(t, s, "carol"); carol.Role != store.Owner {
		t.Errorf("carol is %s", carol.Role)
	}
}

// An account may have caused more notifications than one transaction deletes. None is left, and every
// recipient's inbox changes.
func TestManyNotificationsOfADeletedAccount(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	if err := s.RequestFriend(t.Context(), bob, eve); err != nil {
		t.Fatal(err)
	}
	const many = 4500
	_, err := storetest.Beside(t, address).ExecContext(t.Context(), `
		INSERT INTO notifications (user_id, kind, like_id, actor_id, at, read_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
		SELECT CASE WHEN i % 2 = 0 THEN CAST($1 AS BIGINT) ELSE CAST($2 AS BIGINT) END, 'mention', i, $2, i, i FROM n`, ada.ID, bob.ID, many)
	if err != nil {
		t.Fatal(err)
	}
	deletion, err := s.DeleteAccount(t.Context(), bob, false)
	if err != nil {
		t.Fatal(err)
	}
	if changed := deletion.InboxChanged; !slices.Contains(changed, ada.ID) || !slices.Contains(changed, eve.ID) {
		t.Errorf("the inboxes of %v changed", changed)
	}
	var left int
	if query(t, address, `SELECT count(*) FROM notifications`, &left); left != 0 {
		t.Errorf("%d notifications are left", left)
	}
}
