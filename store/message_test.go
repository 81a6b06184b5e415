package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

func TestPostTakesTheNextVersion(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for i := int64(1); i <= 3; i++ {
		m := storetest.MustPost(t, s, ada, fmt.Sprint("message ", i))
		if m.Seq != i || m.Version != i || m.Author.Username != "ada" {
			t.Errorf("message %d: %+v", i, m)
		}
	}
	room, err := s.RoomFor(t.Context(), ada.ID, store.PublicRoom)
	if err != nil || room.Version != 3 {
		t.Errorf("the room is at %d, %v, want 3", room.Version, err)
	}
}

func TestPostsAtOnceLeaveNoGap(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	const authors, each = 8, 25
	var together sync.WaitGroup
	for i := range authors {
		author := storetest.MustUser(t, s, fmt.Sprint("author", i))
		together.Go(func() {
			for j := range each {
				// Sent twice at once, as a page does after a lost answer.
				var twice sync.WaitGroup
				for range 2 {
					twice.Go(func() {
						if _, err := s.Post(t.Context(), storetest.New(author, fmt.Sprintf("%d of %d", j, i))); err != nil {
							t.Error(err)
						}
					})
				}
				twice.Wait()
			}
		})
	}
	together.Wait()
	messages, err := s.Changes(t.Context(), store.PublicRoom, 0, authors*each+10)
	if err != nil || len(messages) != authors*each {
		t.Fatalf("%d messages, %v, want %d", len(messages), err, authors*each)
	}
	last := map[int64]int{}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			t.Fatalf("message %d has seq %d and version %d", i+1, m.Seq, m.Version)
		}
		var number, author int
		if _, err := fmt.Sscanf(m.Source, "%d of %d", &number, &author); err != nil {
			t.Fatal(err)
		}
		if number != last[m.Author.ID] {
			t.Fatalf("%s posted %d where %d was next", m.Author.Username, number, last[m.Author.ID])
		}
		last[m.Author.ID]++
	}
}

func TestRepeatedNonce(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	first := storetest.MustPost(t, s, ada, "once")
	again := storetest.MustPost(t, s, ada, "once")
	if again.Seq != first.Seq || again.PostedAt != first.PostedAt {
		t.Errorf("a repeat is another message: %+v, %+v", first, again)
	}
	other := storetest.New(ada, "other text")
	other.Nonce = "once"
	if _, err := s.Post(t.Context(), other); store.KindOf(err) != store.Conflict {
		t.Errorf("the same nonce with another text: %v", err)
	}
	if theirs := storetest.MustPost(t, s, bob, "once"); theirs.Seq != 2 {
		t.Errorf("bob's post with ada's nonce is %+v", theirs)
	}
}

func TestPostRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	tests := []struct {
		name   string
		change func(*store.NewMessage)
		kind   store.Kind
	}{
		{"empty", func(n *store.NewMessage) { n.Source = "" }, store.Invalid},
		{"blank", func(n *store.NewMessage) { n.Source = " \n\t\u00a0" }, store.Invalid},
		{"invisible", func(n *store.NewMessage) { n.Source = "\u200b\u2060" }, store.Invalid},
		{"too long", func(n *store.NewMessage) { n.Source = strings.Repeat("é", 4001) }, store.Invalid},
		{"invalid UTF-8", func(n *store.NewMessage) { n.Source = "a\xffb" }, store.Invalid},
		{"NUL", func(n *store.NewMessage) { n.Source = "a\x00b" }, store.Invalid},
		{"no nonce", func(n *store.NewMessage) { n.Nonce = "" }, store.Invalid},
		{"long nonce", func(n *store.NewMessage) { n.Nonce = strings.Repeat("n", 65) }, store.Invalid},
		{"unknown room", func(n *store.NewMessage) { n.Room = 99 }, store.NotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := storetest.New(ada, "hello")
			test.change(&n)
			if _, err := s.Post(t.Context(), n); store.KindOf(err) != test.kind {
				t.Errorf("got %v (kind %d), want kind %d", err, store.KindOf(err), test.kind)
			}
		})
	}
	longest := storetest.New(ada, "longest")
	longest.Source = strings.Repeat("é", 4000)
	if _, err := s.Post(t.Context(), longest); err != nil {
		t.Errorf("4,000 code points: %v", err)
	}
}

// A commit waits a moment for an announced post, and goes on if none comes.
func TestAnnouncedPostsShareACommit(t *testing.T) {
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	shared := false
	for i := 0; i < 100 && !shared; i++ {
		first, second := storetest.New(ada, fmt.Sprint("first ", i)), storetest.New(ada, fmt.Sprint("second ", i))
		first.Announced, second.Announced = s.Announce(), s.Announce()
		last := make(chan int64)
		go func() {
			posted, err := s.Post(context.Background(), first)
			if err != nil {
				t.Error(err)
			}
			last <- posted.Last
		}()
		posted, err := s.Post(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		shared = <-last == posted.Last
	}
	if !shared {
		t.Error("no two posts shared a commit")
	}
	abandoned := s.Announce()
	storetest.MustPost(t, s, ada, "meanwhile")
	abandoned.End()
	abandoned.End() // has no effect
	storetest.MustPost(t, s, ada, "after that")
}

func TestOneBadPostTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	stranger := store.User{Person: store.Person{ID: 12345, Username: "nobody"}} // breaks the foreign key
	var together sync.WaitGroup
	for i := range 40 {
		together.Go(func() {
			if _, err := s.Post(t.Context(), storetest.New(ada, fmt.Sprint("good ", i))); err != nil {
				t.Errorf("a good post failed: %v", err)
			}
		})
		together.Go(func() {
			if _, err := s.Post(t.Context(), storetest.New(stranger, fmt.Sprint("bad ", i))); err == nil {
				t.Error("a post by an unknown user succeeded")
			}
		})
	}
	together.Wait()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 100)
	if err != nil || len(newest.Messages) != 40 || newest.Version != 40 {
		t.Errorf("%d messages at version %d, %v", len(newest.Messages), newest.Version, err)
	}
}

func TestGrouping(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	post := func(author store.User, text string, want bool) {
		t.Helper()
		if m := storetest.MustPost(t, s, author, text); m.Continues != want {
			t.Errorf("%q continues: %t, want %t", text, m.Continues, want)
		}
	}
	post(ada, "first", false)
	post(bob, "another author", false)
	execute(t, address, `UPDATE rooms SET last_posted_at = $1`, time.Now().Add(-store.GroupWindow-time.Second).UnixMilli())
	post(bob, "after a while", false)
	// Midnight between two messages would end the group, so the last one is posted after it.
	execute(t, address, `UPDATE rooms SET last_posted_at = $1`, time.Now().UnixMilli())
	post(bob, "soon after", true)
	execute(t, address, `UPDATE rooms SET last_posted_at = $1`, time.Now().Add(time.Hour).UnixMilli())
	post(bob, "after the clock went back", false)
}

func TestGroupsEnd(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	for i := range 2*store.MaxGroup + 1 {
		if m := storetest.MustPost(t, s, ada, fmt.Sprint("one of many ", i)); m.Continues != (i%store.MaxGroup != 0) {
			t.Errorf("message %d continues: %t", i+1, m.Continues)
		}
	}
	// The group began a while ago, and its last message is new.
	execute(t, address, `UPDATE rooms SET group_at = $1`, time.Now().Add(-store.GroupWindow-time.Second).UnixMilli())
	if storetest.MustPost(t, s, ada, "after a while").Continues {
		t.Error("a group goes on for longer than five minutes")
	}
	if !storetest.MustPost(t, s, ada, "soon after").Continues {
		t.Error("the next group has a single message")
	}
}

// Posts that share a commit form the same groups as others.
func TestGroupsInSharedCommits(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	authors := []store.User{storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")}
	var group sync.WaitGroup
	for i := range 90 {
		group.Go(func() {
			if _, err := s.Post(t.Context(), storetest.New(authors[i/40%2], fmt.Sprint("message ", i))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 100)
	if err != nil || len(newest.Messages) != 90 {
		t.Fatal(len(newest.Messages), err)
	}
	size := 0
	var last store.Message
	for _, m := range newest.Messages {
		want := m.Author.ID == last.Author.ID && size < store.MaxGroup && !m.PostedAt.Before(last.PostedAt) &&
			m.PostedAt.YearDay() == last.PostedAt.YearDay()
		if m.Continues != want {
			t.Errorf("message %d continues a group of %d: %t", m.Seq, size, m.Continues)
		}
		if !want {
			size = 0
		}
		size++
		last = m
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for i := range 25 {
		storetest.MustPost(t, s, ada, fmt.Sprint("message ", i+1))
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10)
	if err != nil || newest.Version != 25 || !newest.Older {
		t.Fatalf("%+v, %v", newest, err)
	}
	wantSeqs(t, newest.Messages, 16, 25)
	middle, older, err := s.MessagesBefore(t.Context(), store.PublicRoom, 16, 10)
	if err != nil || !older {
		t.Fatal(older, err)
	}
	wantSeqs(t, middle, 6, 15)
	oldest, older, err := s.MessagesBefore(t.Context(), store.PublicRoom, 6, 10)
	if err != nil || older {
		t.Fatal(older, err)
	}
	wantSeqs(t, oldest, 1, 5)
	for _, test := range []struct {
		seq           int64
		before, after int
		upTo          int64
		first, last   int64
		older, newer  bool
	}{
		{13, 5, 5, 25, 8, 17, true, true},
		{1, 5, 5, 25, 1, 5, false, true},
		{6, 5, 20, 25, 1, 25, false, false},
		{25, 5, 5, 25, 20, 25, true, false},
		{99, 5, 5, 25, 21, 25, true, false},
		{18, 5, 5, 20, 13, 20, true, false}, // what the viewer may see ends here
		{99, 5, 5, 20, 16, 20, true, false},
		{11, 10, 0, 25, 1, 10, false, true},
		{16, 0, 10, 25, 16, 25, true, false},
	} {
		room := store.Room{RoomSummary: store.RoomSummary{ID: store.PublicRoom}, Version: test.upTo}
		part, err := s.MessagesAround(t.Context(), room, test.seq, test.before, test.after)
		if err != nil || part.Older != test.older || part.Newer != test.newer {
			t.Errorf("around %d: older %t, newer %t, %v", test.seq, part.Older, part.Newer, err)
		}
		wantSeqs(t, part.Messages, test.first, test.last)
	}
	changes, err := s.Changes(t.Context(), store.PublicRoom, 20, 23)
	if err != nil {
		t.Fatal(err)
	}
	wantSeqs(t, changes, 21, 23)
}

// TestPagesFarBack checks that a page far back takes as long as the newest one: the index finds its messages. To walk
// through all messages would take a thousand times as long.
func TestPagesFarBack(t *testing.T) {
	t.Parallel()
	const messages = 200_000
	s := filled(t, messages)
	room := store.Room{RoomSummary: store.RoomSummary{ID: store.PublicRoom}, Version: messages}
	fastest := func(seq int64) time.Duration {
		least := time.Hour
		for range 30 {
			began := time.Now()
			if _, err := s.MessagesAround(t.Context(), room, seq, 25, 25); err != nil {
				t.Fatal(err)
			}
			least = min(least, time.Since(began))
		}
		return least
	}
	newest := fastest(messages - 25)
	for _, seq := range []int64{100, messages / 2} {
		if took := fastest(seq); took > 5*newest {
			t.Errorf("the page at message %d takes %v, the newest %v", seq, took, newest)
		}
	}
}

func wantSeqs(t *testing.T, messages []store.Message, first, last int64) {
	t.Helper()
	if len(messages) != int(last-first+1) {
		t.Fatalf("%d messages, want those from %d to %d", len(messages), first, last)
	}
	for i, m := range messages {
		if m.Seq != first+int64(i) {
			t.Fatalf("message %d has seq %d, want %d", i, m.Seq, first+int64(i))
		}
	}
}

// A server of an older version, beside a newer one, takes nothing back. What it posts is rendered again.
func TestRenderAgainBesideAnOlderServer(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	renderAgain := func(version int) (rendered int) {
		t.Helper()
		err := s.RenderAgain(t.Context(), version, func(_ context.Context, source string) (store.Rendered, error) {
			rendered++
			return store.Rendered{HTML: fmt.Sprint(source, " by ", version), Text: source, Renderer: version}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return rendered
	}
	for i := range 3 {
		storetest.MustPost(t, s, ada, fmt.Sprint("message ", i)) // by renderer 1
		if newer, older, again := renderAgain(2), renderAgain(1), renderAgain(2); newer != 1 || older != 0 || again != 0 {
			t.Errorf("after message %d, %d were rendered by the newer server, %d by the older one, and %d again", i, newer, older, again)
		}
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10)
	if err != nil || len(newest.Messages) != 3 {
		t.Fatalf("%d messages, %v", len(newest.Messages), err)
	}
	for _, m := range newest.Messages {
		if m.HTML != m.Source+" by 2" {
			t.Errorf("message %d is %q", m.Seq, m.HTML)
		}
	}
}

// Messages that a newer renderer has rendered meanwhile stay as they are.
func TestRenderAgainAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "message")
	by := func(version int, meanwhile func() error) func(context.Context, string) (store.Rendered, error) {
		return func(context.Context, string) (store.Rendered, error) {
			err := meanwhile()
			return store.Rendered{HTML: fmt.Sprint("by ", version), Text: "message", Renderer: version}, err
		}
	}
	err := s.RenderAgain(t.Context(), 2, by(2, func() error {
		return s.RenderAgain(t.Context(), 3, by(3, func() error { return nil }))
	}))
	newest, readErr := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil || readErr != nil || newest.Messages[0].HTML != "by 3" {
		t.Errorf("the message is %+v, %v, %v", newest.Messages, err, readErr)
	}
}

// Old messages are found by an index: among many messages, looking for them costs nothing.
func TestRenderAgainLooksUp(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	storetest.MustOpenAt(t, address)
	beside, err := storetest.Beside(t, address).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = beside.Close() }()
	explain := `EXPLAIN QUERY PLAN `
	if store.IsPostgres(address) { // which scans a table as small as this one, unless it is told not to
		explain = `EXPLAIN `
		if _, err := beside.ExecContext(t.Context(), `SET enable_seqscan = off`); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := beside.QueryContext(t.Context(), explain+strings.NewReplacer("$1", "2", "$2", "100").Replace(store.FindStale))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	var plan strings.Builder
	for err == nil && rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		err = rows.Scan(values...)
		fmt.Fprintln(&plan, *values[len(values)-1].(*any))
	}
	if err != nil || rows.Err() != nil {
		t.Fatal(err, rows.Err())
	}
	if !strings.Contains(plan.String(), "messages_renderer") || strings.Contains(strings.ToLower(plan.String()), "sort") ||
		strings.Contains(plan.String(), "TEMP B-TREE") {
		t.Errorf("the plan is\n%s", plan.String())
	}
}

func TestRenderAgain(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	for i := range 250 {
		storetest.MustPost(t, s, ada, fmt.Sprint("message ", i+1))
	}
	rendered := 0
	better := func(_ context.Context, source string) (store.Rendered, error) {
		rendered++
		return store.Rendered{
			HTML: "<p>better " + source + "</p>", Text: "better " + source,
			Mentions: []string{"ada", "bob"}, Renderer: 2,
		}, nil
	}
	if err := s.RenderAgain(t.Context(), 2, better); err != nil {
		t.Fatal(err)
	}
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 250)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range newest.Messages {
		if m.HTML != "<p>better "+m.Source+"</p>" || m.Mentions != "ada bob" {
			t.Fatalf("message %d: %q, which mentions %q", m.Seq, m.HTML, m.Mentions)
		}
	}
	var stale int
	if query(t, address, `SELECT count(*) FROM messages WHERE renderer <> 2 OR text <> 'better ' || source`,
		&stale); stale != 0 {
		t.Errorf("%d messages are unchanged", stale)
	}
	if err := s.RenderAgain(t.Context(), 2, better); err != nil || rendered != 250 {
		t.Errorf("rendered %d times, want 250: %v", rendered, err)
	}
}

// Posts during and after Close get an answer.
func TestPostAfterClose(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.MustAddress(t), store.Serve, store.CheapHashes)
	if err != nil {
		t.Fatal(err)
	}
	ada := storetest.MustUser(t, s, "ada")
	var posting sync.WaitGroup
	for i := range 40 {
		posting.Go(func() {
			for j := range 10 {
				_, err := s.Post(context.Background(), storetest.New(ada, fmt.Sprint(i, " ", j)))
				if err != nil && store.KindOf(err) != store.Unavailable {
					t.Errorf("a post: %v", err)
				}
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	posting.Wait()
}
