package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// The cost of a page does not depend on the number of messages.
func BenchmarkPage(b *testing.B) {
	for _, messages := range []int64{1_000, 1_000_000} {
		s := filled(b, messages)
		b.Run(fmt.Sprintf("newest/messages=%d", messages), func(b *testing.B) {
			for b.Loop() {
				page, err := s.NewestMessages(b.Context(), store.PublicRoom, 50)
				if err != nil || len(page.Messages) != 50 || page.Version != messages {
					b.Fatalf("%d messages of version %d, %v", len(page.Messages), page.Version, err)
				}
			}
		})
		b.Run(fmt.Sprintf("older/messages=%d", messages), func(b *testing.B) {
			for b.Loop() {
				page, _, err := s.MessagesBefore(b.Context(), store.PublicRoom, messages/2, 50)
				if err != nil || len(page) != 50 {
					b.Fatalf("%d messages, %v", len(page), err)
				}
			}
		})
	}
}

// A jump to a message takes as long wherever it is.
func BenchmarkJump(b *testing.B) {
	const messages = 1_000_000
	s := filled(b, messages)
	room := store.Room{RoomSummary: store.RoomSummary{ID: store.PublicRoom}, Version: messages}
	for _, back := range []int64{25, 1_000, 999_900} {
		b.Run(fmt.Sprintf("back=%d", back), func(b *testing.B) {
			for b.Loop() {
				part, err := s.MessagesAround(b.Context(), room, messages-back, 25, 25)
				if err != nil || len(part.Messages) != 50 {
					b.Fatalf("%d messages, %v", len(part.Messages), err)
				}
			}
		})
	}
}

// filled opens a database with many messages. It writes them directly to the database, at once.
func filled(b testing.TB, messages int64) *store.Store {
	b.Helper()
	path := filepath.Join(b.TempDir(), "plaza.db")
	fresh, err := store.Open(b.Context(), path, store.Serve, store.CheapHashes)
	if err != nil {
		b.Fatal(err)
	}
	author := storetest.MustUser(b, fresh, "ada")
	if err := fresh.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	_, err = db.ExecContext(b.Context(), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
			continues, posted_at)
		SELECT $2, i, i, $3, 'nonce ' || i, 'message ' || i, '<p>message ' || i || '</p>', 'message ' || i, '', 1,
			FALSE, 1700000000000 + i FROM n`,
		messages, store.PublicRoom, author.ID)
	if err == nil {
		_, err = db.ExecContext(b.Context(), `UPDATE rooms SET version = $1 WHERE id = $2`, messages, store.PublicRoom)
	}
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return storetest.MustOpenAt(b, path)
}

// Posts are on disk before they are answered. Posts waiting at the same time share one commit.
func BenchmarkPost(b *testing.B) {
	for _, authors := range []int{1, 64} {
		b.Run(fmt.Sprintf("authors=%d", authors), func(b *testing.B) {
			s := storetest.MustOpen(b)
			author := storetest.MustUser(b, s, "ada")
			var nonce atomic.Int64
			var posting sync.WaitGroup
			b.ResetTimer()
			for range authors {
				posting.Go(func() {
					for i := nonce.Add(1); i <= int64(b.N); i = nonce.Add(1) {
						if _, err := s.Post(b.Context(), storetest.New(author, fmt.Sprint(i))); err != nil {
							b.Error(err)
						}
					}
				})
			}
			posting.Wait()
		})
	}
}

// A reaction and an edit should cost no more than a post, and a deletion with its undoing no more than two, however many
// reactions there are.
func BenchmarkChange(b *testing.B) {
	s := storetest.MustOpen(b)
	author := storetest.MustUser(b, s, "ada")
	posted, err := s.Post(b.Context(), storetest.New(author, "a fig"))
	if err != nil {
		b.Fatal(err)
	}
	m := posted.Message
	b.Run("edit", func(b *testing.B) {
		for b.Loop() {
			changed, err := s.EditMessage(b.Context(), edited(m, fmt.Sprint("a fig and ", m.Edits)))
			if err != nil {
				b.Fatal(err)
			}
			m = changed.Message
		}
	})
	b.Run("delete and restore", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.DeleteMessage(b.Context(), author.ID, m.Room, m.Seq); err != nil {
				b.Fatal(err)
			}
			if _, err := s.RestoreMessage(b.Context(), author.ID, m.Room, m.Seq); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The cost of a reaction depends on the number of kinds, which is limited, and not on the number of people.
func BenchmarkReact(b *testing.B) {
	for _, people := range []int{0, 10_000} {
		for _, kinds := range []int{1, store.MaxReactions} {
			b.Run(fmt.Sprintf("people=%d/kinds=%d", people, kinds), func(b *testing.B) {
				address := storetest.MustFile(b)
				s := storetest.MustOpenAt(b, address)
				ada, bob := storetest.MustUser(b, s, "ada"), storetest.MustUser(b, s, "bob")
				m := storetest.MustPost(b, s, ada, "a fig")
				crowdOf(b, storetest.Beside(b, address), people)
				for i := range kinds - 1 {
					react(b, s, ada, m, string('😀'+rune(i)), true)
				}
				for i := 0; b.Loop(); i++ {
					react(b, s, bob, m, "🎉", i%2 == 0)
				}
			})
		}
	}
}

// The cost of a search does not depend on the number of accounts.
func BenchmarkSearch(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{
		"sqlite":   storetest.MustFile,
		"postgres": storetest.MustDatabase,
	} {
		for _, accounts := range []int{1_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/accounts=%d", name, accounts), func(b *testing.B) {
				s := crowded(b, address(b), accounts)
				for _, query := range []string{"a", "ad", "marie", "rie1", "ada1000001", "a1000001", "nobody"} {
					b.Run(query, func(b *testing.B) {
						for b.Loop() {
							if _, _, err := s.SearchPeople(b.Context(), store.User{}, query); err != nil {
								b.Fatal(err)
							}
						}
					})
				}
			})
		}
	}
}

// The inbox and the list of a user with 1,000 conversations have a cost that does not depend on the
// number of messages.
func BenchmarkConversations(b *testing.B) {
	for _, each := range []int{1, 200} {
		b.Run(fmt.Sprintf("sqlite/messages=%d", each), func(b *testing.B) {
			address := storetest.MustFile(b)
			s, beside := storetest.MustOpenAt(b, address), storetest.Beside(b, address)
			ada := storetest.MustUser(b, s, "ada")
			for _, statement := range []string{
				`WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
				INSERT INTO rooms (id, kind, name, version, last_posted_at) SELECT i, 'group', 'Group ' || i, 1, i FROM n`,
				`INSERT INTO members (room_id, user_id, since, unread) SELECT id, 1, 0, 1 FROM rooms WHERE id > 1000`,
				fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
					continues, posted_at)
				SELECT id, i, i, 1, id || '-' || i, 'hello', '', 'hello', '', 1, FALSE, i FROM n JOIN rooms ON id > 1000`, each),
			} {
				if _, err := beside.ExecContext(b.Context(), statement); err != nil {
					b.Fatal(err)
				}
			}
			b.Run("list", func(b *testing.B) {
				for b.Loop() {
					if found, _, err := s.Conversations(b.Context(), ada, store.NewestPoint(), 50); err != nil || len(found) != 50 {
						b.Fatal(len(found), err)
					}
				}
			})
			b.Run("inbox", func(b *testing.B) {
				for b.Loop() {
					if found, err := s.Inboxes(b.Context(), []int64{ada.ID}); err != nil || found[ada.ID].Messages != 1000 {
						b.Fatal(found, err)
					}
				}
			})
		})
	}
}

// crowded opens a database with many accounts. It writes and indexes them directly in the database,
// as the store does for short names in ASCII.
func crowded(b *testing.B, address string, accounts int) *store.Store {
	b.Helper()
	s, beside := storetest.MustOpenAt(b, address), storetest.Beside(b, address)
	for _, statement := range []string{
		fmt.Sprintf(`
		WITH RECURSIVE n(i) AS (SELECT 1000001 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000 + %d),
			called(name) AS (SELECT CASE i %% 4 WHEN 0 THEN 'marie' WHEN 1 THEN 'ada' WHEN 2 THEN 'jane'
				ELSE 'emmy' END || i FROM n)
		INSERT INTO users (username, username_key, username_look, display_name, email, email_key, password_hash,
			role, created_at)
		SELECT name, name, name, '', name, name, '', 'member', 0 FROM called`, accounts), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
		INSERT INTO name_parts (begins, part, user_id)
		SELECT i = 1, substr(username, i), id FROM n JOIN users ON i <= length(username) ORDER BY 1, 2, 3`,
	} {
		if _, err := beside.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	return s
}
