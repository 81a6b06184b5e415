package copy_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

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
	seenSince = `INSERT INTO nodes (id, seen_at, changes)
		VALUES ('one', extract(epoch FROM clock_timestamp()) * 1000 - 15001, 0)`
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

// corrupt makes a database change the last message when it is written.
func corrupt(t *testing.T, address, what string) {
	t.Helper()
	last := 3 * len(texts)
	if store.IsPostgres(address) {
		run(t, address, `CREATE FUNCTION corrupt() RETURNS trigger
			AS $$ BEGIN `+what+`; RETURN NULL; END $$ LANGUAGE plpgsql`)
		run(t, address, fmt.Sprintf(`CREATE TRIGGER corrupt AFTER INSERT ON messages FOR EACH ROW WHEN (new.seq = %d) EXECUTE FUNCTION corrupt()`, last))
		return
	}
	run(t, address, fmt.Sprintf(`CREATE TRIGGER corrupt AFTER INSERT ON messages WHEN new.seq = %d BEGIN %s; END`,
		last, what))
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
