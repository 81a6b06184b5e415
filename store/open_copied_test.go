package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// copied copies files beside a served database to another folder, as cp does. It returns the path of the copy.
func copied(t *testing.T, path string, endings ...string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "plaza.db")
	for _, ending := range endings {
		content, err := os.ReadFile(path + ending)
		if err != nil {
			t.Fatal(err)
		}
		write(t, to+ending, string(content))
	}
	return to
}

// isPartial checks that nothing opens a file, that the error is one line, and that the file stays as it is.
func isPartial(t *testing.T, path, says string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []store.Mode{store.Serve, store.Admin} {
		s, err := store.Open(t.Context(), path, mode)
		if err == nil {
			t.Fatal("opened", s.Close())
		}
		if text := err.Error(); !strings.Contains(text, says) || !strings.Contains(text, path) || strings.Contains(text, "\n") {
			t.Errorf("says %q, want one line with %q", text, says)
		}
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed, %v", err)
	}
}

// byAnother runs a statement as another program does, which then closes the file.
func byAnother(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// hasNewest checks that a file opens, and has everything.
func hasNewest(t *testing.T, path, newest string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Serve)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	page, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil || len(page.Messages) != 1 || page.Messages[0].Source != newest {
		t.Errorf("the newest message is %+v, %v, want %q", page.Messages, err, newest)
	}
}

// A file that was copied from a running site without its log is an old site or none, and the next visitor
// would own it. A copy that is whole opens.
func TestCopiesOfARunningSite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s, err := store.Open(t.Context(), path, store.Serve, store.CheapHashes)
	if err != nil {
		t.Fatal(err)
	}
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "first")
	isPartial(t, copied(t, path, ""), "not the whole site")

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	hasNewest(t, copied(t, path, ""), "first") // stopped, the file is whole
	s = storetest.MustOpenAt(t, path)
	storetest.MustPost(t, s, ada, "second")
	isPartial(t, copied(t, path, ""), "not the whole site")

	// Much is written, and moved from the log to the file several times.
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	const moves = 3
	newest := ""
	for i, moved := 0, 0; moved < moves; i++ {
		before := size()
		post := storetest.New(ada, fmt.Sprint(i))
		newest = fmt.Sprint(i, strings.Repeat(" much", 700))
		post.Source, post.HTML = newest, strings.Repeat(newest, 4)
		if _, err := s.Post(t.Context(), post); err != nil {
			t.Fatal(err)
		}
		if size() != before {
			moved++
			isPartial(t, copied(t, path, ""), "not the whole site")
		}
		if i > 20_000 {
			t.Fatal("the log is never moved to the file")
		}
	}

	hasNewest(t, copied(t, path, "", "-wal"), newest) // as after a crash
	another := copied(t, path, "", "-wal")
	byAnother(t, another, `CREATE INDEX anothers ON messages (nonce)`) // SQLite moves the log
	hasNewest(t, another, newest)
	whole := filepath.Join(t.TempDir(), "plaza.db")
	byAnother(t, path, fmt.Sprintf(`VACUUM INTO '%s'`, whole))
	hasNewest(t, whole, newest)
}

// An empty file is what is left of a copy for which there was no room.
func TestFilesWithoutTables(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	write(t, path, "")
	isPartial(t, path, "has no tables")
	byAnother(t, path, `PRAGMA journal_mode = WAL`)
	isPartial(t, path, "has no tables")
}
