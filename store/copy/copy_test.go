package copy_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/copy"
	"plaza/store/storetest"
)

// directions are all combinations of source and target.
var directions = []struct {
	name     string
	from, to func(testing.TB) string
}{
	{"file to server", storetest.MustFile, storetest.MustDatabase},
	{"server to file", storetest.MustDatabase, storetest.MustFile},
	{"file to file", storetest.MustFile, storetest.MustFile},
	{"server to server", storetest.MustDatabase, storetest.MustDatabase},
}

// texts are messages.
var texts = []string{
	"plain", "two\nlines\ttab\r\n", "👩🏽‍🚀 🇩🇪 👍🏿 🫠", "שלום עולם", "مرحبا بالعالم", "\u202eright to left\u202c", "नमस्ते दुनिया", "你好，世界",
	"Zoe\u0301 and Zo\u00e9", "\u200b\ufeffinvisible\u00a0", "\x01\x1f\x7f controls", `\N \. \\ "quotes" 'more' $1 %s`, "<b>&amp;</b>", "\ufffd \U0010ffff",
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
			token, err := s.CreateSession(t.Context(), user.ID, "Browser/1.0 ("+name+")", "its token")
			if err == nil {
				err = s.EndSession(t.Context(), store.HashToken(token))
			}
			if err == nil {
				_, err = s.CreateSession(t.Context(), user.ID, "", "its token")
			}
			if err != nil {
				t.Fatal(err)
			}
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
	run(t, address, `INSERT INTO old_usernames (username_key, username_look, username, user_id, until) VALUES ('countess', 'countess', 'Countess', 1, 9000000000000)`)
	run(t, address, `DELETE FROM site_events WHERE id > 7`) // their ids must not be used again
	run(t, address, `INSERT INTO old_usernames (username_key, username_look, username, user_id, until) VALUES ('маша', 'маша', 'Маша', 3, 9000000000000)`)
	mustClose(t, address) // so that the file has all rows
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

// schema returns the columns of a database's tables, as the database describes them. It leaves out
// the tables of servers.
func schema(t *testing.T, address string) map[string][]string {
	t.Helper()
	beside := storetest.Beside(t, address)
	defer func() { _ = beside.Close() }()
	return schemaOf(t, beside, store.IsPostgres(address))
}

func schemaOf(t *testing.T, beside *sql.DB, isPostgres bool) map[string][]string {
	t.Helper()
	query := `SELECT m.name, p.name || ' ' || CASE lower(p.type) WHEN 'integer' THEN 'bigint' WHEN 'blob' THEN 'bytea' ELSE lower(p.type) END, p.pk > 0
		FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid`
	if isPostgres {
		query = `SELECT c.table_name, c.column_name || ' ' || c.data_type, EXISTS (
				SELECT 1 FROM information_schema.table_constraints k JOIN information_schema.key_column_usage u USING (constraint_schema, constraint_name)
				WHERE k.constraint_type = 'PRIMARY KEY' AND u.table_name = c.table_name AND u.column_name = c.column_name)
			FROM information_schema.columns c WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position`
	}
	rows, err := beside.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	tables, keys := map[string][]string{}, map[string]int{}
	for rows.Next() {
		var table, column string
		var isKey bool
		if err := rows.Scan(&table, &column, &isKey); err != nil {
			t.Fatal(err)
		}
		if isKey { // the key comes first
			tables[table] = slices.Insert(tables[table], keys[table], column)
			keys[table]++
		} else {
			tables[table] = append(tables[table], column)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, table := range copy.TablesOfServers() {
		delete(tables, table)
	}
	return tables
}

// dump returns all rows of a database, by table.
func dump(t *testing.T, address string) map[string][]string {
	t.Helper()
	beside := storetest.Beside(t, address)
	defer func() { _ = beside.Close() }()
	all := map[string][]string{}
	for table, columns := range schemaOf(t, beside, store.IsPostgres(address)) {
		rows, err := beside.QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				places[i] = &values[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			for i, value := range values { // whose types depend on the database
				switch value {
				case true:
					values[i] = int64(1)
				case false:
					values[i] = int64(0)
				}
				if bytes, ok := value.([]byte); ok {
					values[i] = append([]byte{}, bytes...) // otherwise one database has nil for no bytes
				}
			}
			all[table] = append(all[table], fmt.Sprintf("%#v", values))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all[table])
	}
	return all
}

// hasSame checks that two dumps have the same rows, and that no table is empty.
func hasSame(t *testing.T, where string, got, want map[string][]string) {
	t.Helper()
	for table := range want {
		if len(want[table]) == 0 || !slices.Equal(got[table], want[table]) {
			t.Errorf("%s: %s has %d rows, want these %d:\n%.2000s\n%.2000s", where, table, len(got[table]), len(want[table]), got[table], want[table])
		}
	}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%s: the tables are %v, want %v", where, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// A migration that adds a table or a column must add it to the lists of the copy.
func TestCopyForgetsNothing(t *testing.T) {
	t.Parallel()
	copied := copy.SiteColumns()
	for _, address := range []string{storetest.MustFile(t), storetest.MustDatabase(t)} {
		mustClose(t, address)
		hasSame(t, address, copied, schema(t, address))
	}
}

func TestCopyThereAndBack(t *testing.T) {
	t.Parallel()
	for _, way := range directions {
		t.Run(way.name, func(t *testing.T) {
			from, to, back := way.from(t), way.to(t), way.from(t)
			newSite(t, from)
			before := dump(t, from)
			file, _ := os.ReadFile(from) // a server has no file
			copied, err := copySite(t, from, to)
			if err != nil {
				t.Fatal(err)
			}
			if after, _ := os.ReadFile(from); string(after) != string(file) {
				t.Error("the source's file was changed")
			}
			for table, rows := range before {
				if copied[table] != int64(len(rows)) {
					t.Errorf("the copy reports %[2]d rows of %[1]s, want %[3]d", table, copied[table], len(rows))
				}
			}
			hasSame(t, "the copy", dump(t, to), before)
			if _, err := copySite(t, to, back); err != nil {
				t.Fatal(err)
			}
			hasSame(t, "the copy of the copy", dump(t, back), before)
			hasSame(t, "the source", dump(t, from), before)
			servesOn(t, to)
			servesOn(t, back)
		})
	}
}

// servesOn checks that a copied site continues where the original ended.
func servesOn(t *testing.T, address string) {
	t.Helper()
	ended := dump(t, address)["site_events"]
	s := storetest.MustOpenAt(t, address)
	ada, err := s.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil || ada.Role != store.Owner {
		t.Fatalf("sign in: %+v, %v", ada, err)
	}
	if m := storetest.MustPost(t, s, ada, "the next"); m.Version != int64(3*len(texts))+1 {
		t.Errorf("the next post has version %d, want %d", m.Version, 3*len(texts)+1)
	}
	if user := storetest.MustUser(t, s, "new"); user.ID != 4 || user.Role != store.Member {
		t.Errorf("the next account is %+v", user)
	}
	token, err := s.CreateSession(t.Context(), ada.ID, "", "its token")
	if err == nil {
		err = s.EndSession(t.Context(), store.HashToken(token))
	}
	if err != nil {
		t.Fatal(err)
	}
	// A server that has read up to the twelfth event reads later ones, though the twelfth is
	// deleted.
	if events, err := s.SiteEvents(t.Context(), 12); len(events.Ended) != 1 || events.Mark != 13 || len(ended) != 7 {
		t.Errorf("the next session that ends has number %d, %v, after %d that had ended", events.Mark, err, len(ended))
	}
}

// lastMoment tells whether only the last table is unchecked.
func lastMoment(p copy.Progress) bool { return p.Step == copy.Checking && p.Table == "messages" }

func TestCopyInterruptedStartsAgain(t *testing.T) {
	t.Parallel()
	moments := map[string]func(copy.Progress) bool{
		"while it copies": func(p copy.Progress) bool { return p.Table == "messages" },
		"while it checks": lastMoment,
	}
	for _, way := range directions {
		for when, comes := range moments {
			t.Run(way.name+", "+when, func(t *testing.T) {
				from, to := way.from(t), way.to(t)
				mustSite(t, from)
				before := dump(t, from)
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				_, err := copy.Copy(ctx, from, to, func(p copy.Progress) {
					if comes(p) {
						interrupt()
					}
				})
				isOneLine(t, err, "interrupted", "start the copy again")
				if left := dump(t, to); len(left["users"])+len(left["messages"]) > 0 || len(left["metadata"]) != 1 || len(left["rooms"]) != 1 {
					t.Errorf("it leaves %v", left)
				}
				if _, err := copySite(t, from, to); err != nil {
					t.Fatal(err)
				}
				hasSame(t, "the copy", dump(t, to), before)
				hasSame(t, "the source", dump(t, from), before)
			})
		}
	}
}

// isOneLine checks that an error is one line with these parts.
func isOneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("it succeeds")
	}
	for _, part := range append(parts, "") {
		if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
			t.Errorf("says %q, want one line with %q", err, part)
		}
	}
}

const (
	seenNow   = `INSERT INTO nodes (id, seen_at, changes) VALUES ('one', extract(epoch FROM clock_timestamp()) * 1000, 0)`
	seenSince = `INSERT INTO nodes (id, seen_at, changes) VALUES ('one', extract(epoch FROM clock_timestamp()) * 1000 - 15001, 0)`
)

// served runs a server on a database, or records that one runs.
func served(t *testing.T, address string) {
	t.Helper()
	if store.IsPostgres(address) {
		mustClose(t, address)
		run(t, address, seenNow)
		return
	}
	storetest.MustOpenAt(t, address)
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(t *testing.T, from, to string)
		says    string
	}{
		{"no source", func(*testing.T, string, string) {}, "there is no "},
		{"a source that is served", func(t *testing.T, from, _ string) {
			mustSite(t, from)
			served(t, from)
		}, "stop "},
		{"a target that is served", func(t *testing.T, from, to string) {
			mustSite(t, from)
			served(t, to)
		}, "stop "},
		{"a target with accounts", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustSite(t, to)
		}, "not empty, but has users"},
		{"a target with metadata", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustClose(t, to)
			run(t, to, `INSERT INTO metadata (name, value) VALUES ('key', 'secret')`)
		}, "not empty, but has metadata"},
		{"a target that was older, with accounts", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustSite(t, to)
			run(t, to, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
		}, "not empty, but has users"},
		{"a source of an older plaza", func(t *testing.T, from, _ string) {
			mustSite(t, from)
			// There is no older schema than the first one, so the test makes one up.
			run(t, from, `DELETE FROM goose_db_version`)
			run(t, from, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (-1, true)`)
		}, "older plaza (schema -1,"},
		{"a source of a newer plaza", func(t *testing.T, from, _ string) {
			mustSite(t, from)
			run(t, from, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		}, "newer plaza (schema 9999,"},
		{"a target of a newer plaza", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustClose(t, to)
			run(t, to, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		}, "newer plaza (schema 9999,"},
		{"a source of another program", func(t *testing.T, from, _ string) {
			run(t, from, `CREATE TABLE recipes (name TEXT)`)
		}, "another program"},
		{"a target of another program", func(t *testing.T, from, to string) {
			mustSite(t, from)
			run(t, to, `CREATE TABLE recipes (name TEXT)`)
		}, "another program"},
		{"a target that changes a row", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustClose(t, to)
			corrupt(t, to, `UPDATE messages SET source = 'something else' WHERE seq = 5`)
		}, "the table messages arrived changed"},
		{"a target that loses a row", func(t *testing.T, from, to string) {
			mustSite(t, from)
			mustClose(t, to)
			corrupt(t, to, `DELETE FROM messages WHERE seq = 5`)
		}, "the table messages arrived changed"},
	}
	for _, way := range directions[:2] { // so each kind is source and target
		for _, test := range tests {
			t.Run(way.name+", "+test.name, func(t *testing.T) {
				from, to := way.from(t), way.to(t)
				test.prepare(t, from, to)
				before, after := contentOf(t, from), contentOf(t, to)
				_, err := copySite(t, from, to)
				isOneLine(t, err, test.says)
				if contentOf(t, from) != before {
					t.Error("the source was changed")
				}
				if content := contentOf(t, to); content != after && after != "" {
					t.Errorf("the target was changed")
				}
			})
		}
	}
}

// contentOf returns the content of a database, or the empty string if there is none.
func contentOf(t *testing.T, address string) string {
	t.Helper()
	if _, err := os.Stat(address); err != nil && !store.IsPostgres(address) {
		return ""
	}
	if len(schema(t, address)) == 0 {
		return ""
	}
	return fmt.Sprint(dump(t, address))
}

// corrupt makes a database change the last message when it is written.
func corrupt(t *testing.T, address, what string) {
	t.Helper()
	last := 3 * len(texts)
	if store.IsPostgres(address) {
		run(t, address, `CREATE FUNCTION corrupt() RETURNS trigger AS $$ BEGIN `+what+`; RETURN NULL; END $$ LANGUAGE plpgsql`)
		run(t, address, fmt.Sprintf(`CREATE TRIGGER corrupt AFTER INSERT ON messages FOR EACH ROW WHEN (new.seq = %d) EXECUTE FUNCTION corrupt()`, last))
		return
	}
	run(t, address, fmt.Sprintf(`CREATE TRIGGER corrupt AFTER INSERT ON messages WHEN new.seq = %d BEGIN %s; END`, last, what))
}

// A killed server counts as stopped after a while. A server that starts during a copy makes it
// fail.
func TestCopyAndServersThatComeAndGo(t *testing.T) {
	t.Parallel()
	from, to := storetest.MustDatabase(t), storetest.MustDatabase(t)
	mustSite(t, from)
	mustClose(t, to)
	run(t, from, seenSince)
	run(t, to, seenSince)
	for _, address := range []string{from, to} {
		_, err := copy.Copy(t.Context(), from, to, func(p copy.Progress) {
			if lastMoment(p) && p.Done == 0 {
				run(t, address, strings.Replace(seenNow, "'one'", "'two'", 1))
			}
		})
		isOneLine(t, err, "being served")
		run(t, address, `DELETE FROM nodes WHERE id = 'two'`)
	}
	if _, err := copySite(t, from, to); err != nil {
		t.Error(err)
	}
}

// No program may write to the databases during a copy: the copy would miss it.
func TestCopyLetsNobodyWrite(t *testing.T) {
	t.Parallel()
	for _, way := range directions {
		t.Run(way.name, func(t *testing.T) {
			from, to := way.from(t), way.to(t)
			mustSite(t, from)
			_, err := copy.Copy(t.Context(), from, to, func(p copy.Progress) {
				if !lastMoment(p) || p.Done > 0 {
					return
				}
				for _, address := range []string{from, to} {
					beside, settings := storetest.Beside(t, address), `PRAGMA busy_timeout = 1`
					if store.IsPostgres(address) {
						settings = `SET lock_timeout = 1`
					}
					beside.SetMaxOpenConns(1)
					if _, err := beside.ExecContext(t.Context(), settings); err != nil {
						t.Error(err)
					}
					if _, err := beside.ExecContext(t.Context(), `UPDATE rooms SET version = version + 1`); err == nil {
						t.Errorf("another program wrote to %s", address)
					}
				}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// A copy does not wait long for another program's locks.
func TestCopyOfWhatIsLocked(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]func(from, to string) string{
		"source": func(from, _ string) string { return from },
		"target": func(_, to string) string { return to },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := storetest.MustDatabase(t), storetest.MustDatabase(t)
			mustSite(t, from)
			mustClose(t, to)
			tx, err := storetest.Beside(t, lock(from, to)).BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			if _, err := tx.ExecContext(t.Context(), `LOCK TABLE users IN ACCESS EXCLUSIVE MODE`); err != nil {
				t.Fatal(err)
			}
			_, err = copySite(t, from, to)
			isOneLine(t, err, "used by another program, or by another copy")
		})
	}
}

func TestCopyToItself(t *testing.T) {
	t.Parallel()
	file, server := storetest.MustFile(t), storetest.MustDatabase(t)
	mustSite(t, file)
	mustSite(t, server)
	link := file + ".link"
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{file, server} {
		before := dump(t, address)
		_, err := copySite(t, address, address)
		isOneLine(t, err, "name ")
		hasSame(t, address, dump(t, address), before)
	}
	_, err := copySite(t, file, link)
	isOneLine(t, err, "to itself")
}

// SQLite takes any bytes as text, and PostgreSQL does not. The error says where they are.
func TestCopyOfTextThatIsNone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"not UTF-8": `CAST(x'61ff62' AS TEXT)`, "a zero": `'a' || char(0)`} {
		t.Run(name, func(t *testing.T) {
			from, to := storetest.MustFile(t), storetest.MustDatabase(t)
			mustSite(t, from)
			run(t, from, `UPDATE messages SET html = `+text+` WHERE id = 7`)
			_, err := copySite(t, from, to)
			isOneLine(t, err, "table messages", "column html", "id 7", "start the copy again")
		})
	}
}

func TestCopyCannotReachAServer(t *testing.T) {
	t.Parallel()
	file, server := storetest.MustFile(t), storetest.MustDatabase(t)
	mustSite(t, file)
	at := func(change func(*url.URL)) string {
		parsed, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		parsed.User = url.UserPassword(parsed.User.Username(), "hush")
		change(parsed)
		return parsed.String()
	}
	for name, test := range map[string]struct{ address, says string }{
		"unreachable":      {at(func(u *url.URL) { u.Host = "127.0.0.1:1" }), "cannot reach"},
		"no such database": {at(func(u *url.URL) { u.Path = "/nowhere" }), "createdb"},
		"no such user":     {at(func(u *url.URL) { u.User = url.UserPassword("nobody", "hush") }), "refuses this user"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]string{{test.address, storetest.MustFile(t)}, {file, test.address}} {
				_, err := copySite(t, pair[0], pair[1])
				isOneLine(t, err, test.says)
				if strings.Contains(err.Error(), "hush") {
					t.Errorf("the error has the password: %v", err)
				}
			}
		})
	}
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
