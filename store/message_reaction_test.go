package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plaza/store"
	"plaza/store/storetest"
)

// react adds a reaction to a message, or removes it.
func react(t testing.TB, s *store.Store, user store.User, m store.Message, emoji string, isThere bool) store.Changed {
	t.Helper()
	change := s.React
	if !isThere {
		change = s.RemoveReaction
	}
	changed, err := change(t.Context(), user.ID, m.Room, m.Seq, emoji)
	if err != nil {
		t.Fatalf("%s and %s: %v", user.Username, emoji, err)
	}
	return changed
}

// recount returns the reactions to each message, by their seqs, as they follow from the rows of the reactions alone.
func recount(t rapid.TB, db *sql.DB) map[int64]store.Reactions {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT m.seq, a.emoji, count(*), k.began_at, k.emoji,
			(SELECT string_agg(CAST(n.user_id AS TEXT), ' ' ORDER BY n.at DESC, n.user_id DESC) FROM (SELECT * FROM reactions b
				WHERE b.message_id = m.id AND b.emoji = a.emoji ORDER BY b.at DESC, b.user_id DESC LIMIT 8) AS n)
		FROM reactions a JOIN messages m ON m.id = a.message_id
			LEFT JOIN reaction_kinds k ON k.message_id = m.id AND k.emoji = a.emoji
		GROUP BY m.id, m.seq, a.emoji, k.began_at, k.emoji ORDER BY m.seq, k.began_at, k.emoji`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	counted := map[int64]store.Reactions{}
	for rows.Next() {
		var seq, count, began int64
		var emoji, kind, newest string
		if err := rows.Scan(&seq, &emoji, &count, &began, &kind, &newest); err != nil {
			t.Fatal(err)
		}
		if counted[seq] != "" {
			counted[seq] += ","
		}
		counted[seq] += store.Reactions(fmt.Sprint(emoji, " ", count, " ", newest))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return counted
}

func TestReact(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	m := storetest.MustPost(t, s, ada, "a fig")
	next := storetest.MustPost(t, s, ada, "something else")
	changed := react(t, s, bob, m, "🎉", true)
	if changed.At != 3 || changed.Last != 3 || changed.Version != 3 || changed.Seq != m.Seq || !changed.EditedAt.IsZero() || changed.Edits != 0 {
		t.Errorf("the reaction is %+v", changed)
	}
	if again := react(t, s, bob, m, "🎉", true); again.At != 0 || again.Message != changed.Message {
		t.Errorf("a second one changes %+v", again)
	}
	react(t, s, eve, m, "❤️", true)
	react(t, s, ada, m, "🎉", true)
	want := store.Reactions(fmt.Sprintf("🎉 2 %d %d,❤️ 1 %d", ada.ID, bob.ID, eve.ID))
	page, err := s.NewestMessages(t.Context(), store.PublicRoom, 10)
	if err != nil || page.Version != 5 || page.Messages[0].Reactions != want || page.Messages[1].Reactions != "" {
		t.Errorf("a page of version %d has %q, %v", page.Version, page.Messages[0].Reactions, err)
	}
	if kinds := slices.Collect(want.All()); len(kinds) != 2 || kinds[0].Emoji != "🎉" || kinds[0].Count != 2 || kinds[1].Newest != fmt.Sprint(eve.ID) {
		t.Errorf("%q is %+v", want, kinds)
	}
	if none := react(t, s, eve, m, "🎉", false); none.At != 0 || none.Reactions != want {
		t.Errorf("a reaction that is not there is removed: %+v", none)
	}
	react(t, s, ada, m, "🎉", false)
	if last := react(t, s, bob, m, "🎉", false); last.Reactions != store.Reactions(fmt.Sprint("❤️ 1 ", eve.ID)) {
		t.Errorf("after the last of a kind there is %q", last.Reactions)
	}
	// A kind that begins again comes last.
	if again := react(t, s, bob, m, "🎉", true); again.Reactions != store.Reactions(fmt.Sprintf("❤️ 1 %d,🎉 1 %d", eve.ID, bob.ID)) {
		t.Errorf("after it came back there is %q", again.Reactions)
	}
	// The next message of the same author continues the group of the newest.
	if after := storetest.MustPost(t, s, ada, "and so on"); !after.Continues || next.Reactions != "" {
		t.Error("a reaction ends a group")
	}
	shown, err := s.Reactions(t.Context(), bob, m.Room, m.Seq)
	if err != nil || !slices.Equal(shown.Own, []string{"🎉"}) || !shown.IsOwn("🎉") || shown.IsOwn("❤️") || len(shown.People) != 2 {
		t.Errorf("bob sees %+v, %v", shown, err)
	}
	own, err := s.OwnReactions(t.Context(), eve, m.Room, m.Seq, next.Seq, 99)
	if err != nil || len(own) != 1 || !slices.Equal(own[m.Seq], []string{"❤️"}) {
		t.Errorf("eve's own are %v, %v", own, err)
	}
}

func TestWhoMayReact(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	room, err := s.OpenPrivateRoom(t.Context(), ada, bob)
	if err != nil {
		t.Fatal(err)
	}
	private := storetest.New(ada, "for bob")
	private.Room = room.ID
	posted, err := s.Post(t.Context(), private)
	if err != nil {
		t.Fatal(err)
	}
	group, err := s.CreateGroup(t.Context(), ada, "a group", []string{"bob"})
	if err != nil {
		t.Fatal(err)
	}
	deleted := storetest.MustPost(t, s, ada, "gone")
	react(t, s, bob, deleted, "👍", true)
	if _, err := s.DeleteMessage(t.Context(), ada.ID, deleted.Room, deleted.Seq); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		user      store.User
		room, seq int64
		want      store.Kind
	}{
		"a stranger in private": {eve, room.ID, posted.Seq, store.NotFound},
		"no message":            {bob, store.PublicRoom, 99, store.NotFound},
		"no room":               {bob, 99, 1, store.NotFound},
		"an event":              {bob, group.ID, 1, store.NotFound},
		"a deleted message":     {bob, deleted.Room, deleted.Seq, store.Conflict},
	} {
		if _, err := s.React(t.Context(), test.user.ID, test.room, test.seq, "👍"); store.KindOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.RemoveReaction(t.Context(), test.user.ID, test.room, test.seq, "👍"); store.KindOf(err) != test.want {
			t.Errorf("%s, removal: %v", name, err)
		}
		if _, err := s.Reactions(t.Context(), test.user, test.room, test.seq); store.KindOf(err) != test.want {
			t.Errorf("%s, the list: %v", name, err)
		}
	}
	if _, err := s.OwnReactions(t.Context(), eve, room.ID, posted.Seq); store.KindOf(err) != store.NotFound {
		t.Errorf("a stranger asks for her own: %v", err)
	}
	restored, err := s.RestoreMessage(t.Context(), ada.ID, deleted.Room, deleted.Seq)
	if err != nil || restored.Reactions != store.Reactions(fmt.Sprint("👍 1 ", bob.ID)) {
		t.Errorf("a restored message has %q, %v", restored.Reactions, err)
	}
	react(t, s, ada, posted.Message, "👍", true)
	if err := s.Block(t.Context(), bob, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := s.React(t.Context(), ada.ID, room.ID, posted.Seq, "🎉"); store.KindOf(err) != store.Invalid {
		t.Errorf("a reaction in a closed room: %v", err)
	}
	if changed := react(t, s, ada, posted.Message, "👍", false); changed.At == 0 || changed.Reactions != "" {
		t.Errorf("a removal in a closed room: %+v", changed)
	}
}

// A message has at most MaxReactions kinds. More people may react with each.
func TestKindsOfReactionsAreLimited(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	m := storetest.MustPost(t, s, ada, "a fig")
	for i := range store.MaxReactions {
		react(t, s, ada, m, string('😀'+rune(i)), true)
	}
	if _, err := s.React(t.Context(), bob.ID, m.Room, m.Seq, "🎉"); store.KindOf(err) != store.Invalid {
		t.Errorf("one kind more: %v", err)
	}
	react(t, s, bob, m, "😀", true)
	react(t, s, ada, m, "😁", false)
	if changed := react(t, s, bob, m, "🎉", true); len(slices.Collect(changed.Reactions.All())) != store.MaxReactions {
		t.Errorf("there are %q", changed.Reactions)
	}
}

// Many people react, edit, delete and restore at the same moment, on two servers. Each change that was confirmed is
// there once, and what messages show equals a recount.
func TestReactionsRace(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	beside := storetest.Beside(t, address)
	var users []store.User
	for i := range 6 {
		users = append(users, storetest.MustUser(t, both[0], fmt.Sprint("user", i)))
	}
	messages := []store.Message{storetest.MustPost(t, both[0], users[0], "one"), storetest.MustPost(t, both[0], users[0], "two")}
	var mu sync.Mutex
	taken := map[int64]bool{1: true, 2: true}
	taking := func(changed store.Changed, err error) {
		if kind := store.KindOf(err); err != nil && kind != store.Invalid && kind != store.Conflict {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if changed.At > 0 && taken[changed.At] {
			t.Errorf("version %d is taken twice", changed.At)
		}
		if changed.At > 0 {
			taken[changed.At] = true
		}
	}
	var racing sync.WaitGroup
	for i, user := range users {
		for page := range 2 { // each user has two pages that do the same
			racing.Go(func() {
				order := rand.New(rand.NewPCG(uint64(i), 1)) //nolint:gosec // a test
				for range 25 {
					s, m, emoji := both[(i+page)%2], messages[order.IntN(2)], []string{"🎉", "👍", "❤️"}[order.IntN(3)]
					if order.IntN(3) > 0 {
						taking(s.React(t.Context(), user.ID, m.Room, m.Seq, emoji))
					} else {
						taking(s.RemoveReaction(t.Context(), user.ID, m.Room, m.Seq, emoji))
					}
				}
			})
		}
	}
	first := messages[0]
	racing.Go(func() {
		for i := range 10 {
			taking(both[i%2].EditMessage(t.Context(), edited(first, fmt.Sprint("text ", i))))
			first.Edits = i + 1
			taking(both[i%2].DeleteMessage(t.Context(), users[0].ID, messages[1].Room, messages[1].Seq))
			taking(both[1-i%2].RestoreMessage(t.Context(), users[0].ID, messages[1].Room, messages[1].Seq))
		}
	})
	racing.Wait()
	page, err := both[0].NewestMessages(t.Context(), store.PublicRoom, 10)
	if err != nil || int(page.Version) != len(taken) {
		t.Errorf("the room is at version %d after %d changes, %v", page.Version, len(taken), err)
	}
	counted := recount(t, beside)
	for _, m := range page.Messages {
		if m.Reactions != counted[m.Seq] {
			t.Errorf("message %d shows %q, and has %q", m.Seq, m.Reactions, counted[m.Seq])
		}
	}
}

// crowdOf makes many users, who have all reacted to a message. It writes them directly to the database.
func crowdOf(t testing.TB, db *sql.DB, people int) {
	t.Helper()
	if people == 0 {
		return
	}
	for _, statement := range []string{
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1000 + %d)
		INSERT INTO users (id, username, username_key, username_look, email, email_key, password_hash, role, created_at)
		SELECT i, 'u' || i, 'u' || i, 'u' || i, 'u' || i, 'u' || i, '', 'member', 0 FROM n`, people),
		`INSERT INTO reactions (message_id, emoji, user_id, at) SELECT m.id, '🎉', u.id, u.id FROM messages m, users u WHERE u.id > 1000`,
		fmt.Sprintf(`INSERT INTO reaction_kinds (message_id, emoji, count, newest, began_at) SELECT id, '🎉', %d, '', 1 FROM messages`, people),
	} {
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// The message with ten thousand reactions names the newest, lists all in pages, and goes without a long transaction.
func TestTenThousandReactions(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s, beside := storetest.MustOpenAt(t, address), storetest.Beside(t, address)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	const people = 10_000
	crowdOf(t, beside, people)
	changed := react(t, s, ada, m, "🎉", true)
	if want := fmt.Sprintf("🎉 10001 %d 11000 10999 10998 10997 10996 10995 10994", ada.ID); string(changed.Reactions) != want {
		t.Errorf("the message shows %q", changed.Reactions)
	}
	if want := recount(t, beside)[m.Seq]; changed.Reactions != want {
		t.Errorf("a recount is %q", want)
	}
	seen := map[int64]bool{}
	for after, more := store.NewestPoint(), true; more; {
		var page []store.Reactor
		var err error
		if page, more, err = s.Reactors(t.Context(), m, "🎉", after, 1000); err != nil || len(page) == 0 {
			t.Fatal(err)
		}
		for _, reactor := range page {
			seen[reactor.ID] = true
		}
		after = page[len(page)-1].Point()
	}
	if len(seen) != people+1 {
		t.Errorf("the pages have %d people", len(seen))
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq); err != nil {
		t.Fatal(err)
	}
	if _, err := beside.ExecContext(t.Context(), `UPDATE messages SET deleted_at = 1`); err != nil {
		t.Fatal(err)
	}
	if erased, err := s.EraseDeleted(t.Context()); err != nil || erased != 1 {
		t.Fatal(erased, err)
	}
	expectNoReactions(t, beside)
}

// expectNoReactions checks that the database has no trace of a reaction.
func expectNoReactions(t *testing.T, db *sql.DB) {
	t.Helper()
	var left int
	err := db.QueryRowContext(context.Background(), `SELECT (SELECT count(*) FROM reactions) + (SELECT count(*) FROM reaction_kinds)
		+ (SELECT count(*) FROM messages WHERE reactions <> '')`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d are left, %v", left, err)
	}
}

// The reactions of a deleted account go, as changes of their rooms, and those to erased messages too.
func TestDeletedAccountsReactNoMore(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s, beside := storetest.MustOpenAt(t, address), storetest.Beside(t, address)
	storetest.MustUser(t, s, "olga")
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	var messages []store.Message
	for i := range 120 { // more than a batch
		m := storetest.MustPost(t, s, ada, fmt.Sprint("message ", i))
		react(t, s, bob, m, "🎉", true)
		messages = append(messages, m)
	}
	react(t, s, ada, messages[0], "🎉", true)
	react(t, s, bob, messages[0], "👍", true)
	exported, err := s.ReactionsBy(t.Context(), bob, 0, 100)
	if err != nil || len(exported) != 101 || exported[0].To.ID != ada.ID || exported[1].Emoji != "👍" || exported[2].Room.ID != store.PublicRoom {
		t.Errorf("bob's export has %d, %v", len(exported), err)
	}
	proven, err := s.Authenticate(t.Context(), "bob", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteAccount(t.Context(), proven, false); err != nil {
		t.Fatal(err)
	}
	if shown, err := s.Reactions(t.Context(), ada, store.PublicRoom, messages[0].Seq); err != nil || len(shown.People) != 1 {
		t.Errorf("the page of reactions names %+v, %v", shown.People, err)
	}
	if people, _, err := s.Reactors(t.Context(), messages[0], "👍", store.NewestPoint(), 10); err != nil || len(people) != 0 {
		t.Errorf("the list of people has %+v, %v", people, err)
	}
	before, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil {
		t.Fatal(err)
	}
	versions, err := s.FinishDeletions(t.Context())
	if err != nil || versions[store.PublicRoom] != before.Version+120 {
		t.Errorf("the room is at %v after version %d, %v", versions, before.Version, err)
	}
	changes, err := s.Changes(t.Context(), store.PublicRoom, before.Version, before.Version+1000)
	if err != nil || len(changes) != 120 || changes[0].Reactions != store.Reactions(fmt.Sprint("🎉 1 ", ada.ID)) || changes[1].Reactions != "" {
		t.Errorf("readers get %d changes, %v", len(changes), err)
	}
	if again, err := s.FinishDeletions(t.Context()); err != nil || len(again) != 0 {
		t.Errorf("again: %v, %v", again, err)
	}
	if _, err := s.React(t.Context(), bob.ID, store.PublicRoom, messages[0].Seq, "👍"); err == nil {
		t.Error("a deleted account reacts")
	}
	if proven, err = s.Authenticate(t.Context(), "ada", storetest.Password); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteAccount(t.Context(), proven, true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FinishDeletions(t.Context()); err != nil {
		t.Fatal(err)
	}
	expectNoReactions(t, beside)
}

// The author of a message has one notification of the reactions to it, however often people change their minds.
func TestNotificationsOfReactions(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	mute := storetest.MustUser(t, s, "mute")
	m := storetest.MustPost(t, s, ada, "a fig")
	expect := func(want ...string) {
		t.Helper()
		found, _, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 10)
		var got []string
		for _, n := range found {
			got = append(got, fmt.Sprint(n.Kind, " ", n.Actor.Username, " ", n.Emoji, " ", n.Count, " ", n.Seq, " ", n.Excerpt))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("ada is told %q, %v, want %q", got, err, want)
		}
	}
	react(t, s, ada, m, "🎉", true)
	expect()
	for range 3 {
		if changed := react(t, s, bob, m, "🎉", true); !slices.Equal(changed.InboxChanged, []int64{ada.ID}) {
			t.Errorf("the inboxes of %v change", changed.InboxChanged)
		}
		react(t, s, bob, m, "🎉", false)
	}
	expect("reaction bob 🎉 1 1 a fig")
	inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID})
	if inbox := inboxes[ada.ID]; err != nil || inbox.Notifications != 1 || inbox.Newest.ID != 0 {
		t.Errorf("her inbox is %+v, %v", inbox, err)
	}
	react(t, s, eve, m, "👍", true)
	expect("reaction eve 👍 2 1 a fig")
	if err := s.Block(t.Context(), ada, mute); err != nil {
		t.Fatal(err)
	}
	react(t, s, mute, m, "👍", true)
	expect("reaction eve 👍 2 1 a fig")
	// Who reads the newest messages has not seen the reaction.
	if _, err := s.ReadRoom(t.Context(), ada, m.Room, 99); err != nil {
		t.Fatal(err)
	}
	if inboxes, err = s.Inboxes(t.Context(), []int64{ada.ID}); err != nil || inboxes[ada.ID].Notifications != 1 {
		t.Errorf("her inbox is %+v, %v", inboxes, err)
	}
	if err := s.ReadNotifications(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	react(t, s, bob, m, "❤️", true)
	expect("reaction bob ❤️ 1 1 a fig", "reaction eve 👍 2 1 a fig")
	if _, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq); err != nil {
		t.Fatal(err)
	}
	expect("reaction bob ❤️ 1 1 ", "reaction eve 👍 2 1 ")
	kinds := slices.DeleteFunc(store.ChosenKinds(), func(kind store.NotificationKind) bool { return kind == store.Reacted })
	if err := s.ChooseKinds(t.Context(), ada, kinds); err != nil {
		t.Fatal(err)
	}
	other := storetest.MustPost(t, s, ada, "another")
	react(t, s, bob, other, "❤️", true)
	expect("reaction bob ❤️ 1 1 ", "reaction eve 👍 2 1 ")
}

// Reactions that come at the same time share a commit with posts.
func TestReactionsShareACommit(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	var users []store.User
	for i := range 20 {
		users = append(users, storetest.MustUser(t, s, fmt.Sprint("user", i)))
	}
	var reacting sync.WaitGroup
	for i, user := range users {
		reacting.Go(func() { react(t, s, user, m, []string{"🎉", "👍"}[i%2], true) })
		reacting.Go(func() { storetest.MustPost(t, s, user, fmt.Sprint("message ", i)) })
	}
	reacting.Wait()
	shown, err := s.Reactions(t.Context(), ada, m.Room, m.Seq)
	if err != nil || !strings.HasPrefix(string(shown.Message.Reactions), "🎉 10 ") && !strings.HasPrefix(string(shown.Message.Reactions), "👍 10 ") {
		t.Errorf("the message shows %q, %v", shown.Message.Reactions, err)
	}
	if shown.Message.PostedAt.After(time.Now()) {
		t.Error("a reaction changes when a message was posted")
	}
}
