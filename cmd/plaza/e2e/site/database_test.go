package site

import (
	"bytes"
	"database/sql"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// write writes a file in place of the database.
func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// execute runs a statement on an SQLite file, as another program does.
func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// photograph returns a JPEG.
func photograph(t *testing.T) []byte {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	return photo.Bytes()
}

// contents returns the contents of the files whose names begin with a path, by name.
func contents(t *testing.T, path string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		content, _ := os.ReadFile(file) // a folder has none
		found[file] = string(content)
	}
	return found
}

func TestDatabaseIsRefused(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		says    string
	}{
		{"a letter", func(t *testing.T, path string) {
			write(t, path, []byte("Dear Ada,\n\nthis is no database.\n"))
		}, "not a database"},
		{"an empty file", func(t *testing.T, path string) { write(t, path, nil) }, "no tables"},
		{"a photograph", func(t *testing.T, path string) { write(t, path, photograph(t)) }, "not a database"},
		{"a database that is cut off", func(t *testing.T, path string) {
			aged(t, path)
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"another program's database", func(t *testing.T, path string) {
			execute(t, path, `CREATE TABLE recipes (name TEXT)`)
		}, "another program"},
		{"a newer plaza's database", func(t *testing.T, path string) {
			aged(t, path)
			execute(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		}, "newer plaza"},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "plaza.db")
			test.prepare(t, path)
			before := contents(t, path)
			isNotOpened(t, path, test.says)
			after := contents(t, path)
			if len(after) != len(before) {
				t.Errorf("there are %d files beside the database", len(after)-1)
			}
			for file, content := range before {
				if after[file] != content {
					t.Errorf("the program changed %s", file)
				}
			}
		})
	}
}

// isNotOpened checks that neither serve nor the user commands open a database.
func isNotOpened(t *testing.T, path, says string) {
	t.Helper()
	serve := command(t, "serve", "--addr", e2etest.FreeAddress(t), "--db", path)
	finish(t, serve).isRefused(t, failed, path, says)
	list := command(t, "user", "list", "--db", path)
	finish(t, list).isRefused(t, failed, path, says)
}

// aged creates the database of a site with a history.
func aged(t *testing.T, path string) {
	t.Helper()
	s := &e2etest.Site{T: t, Database: path}
	s.MustRemember(e2etest.Numbered(10))
}

func TestDatabaseInNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nowhere", "plaza.db")
	serve := command(t, "serve", "--addr", e2etest.FreeAddress(t), "--db", path)
	finish(t, serve).isRefused(t, failed, path, "folder does not exist")
}

// TestDatabaseThatCannotBeWritten serves a file that not even root can write.
func TestDatabaseThatCannotBeWritten(t *testing.T) {
	isNotOpened(t, "/proc/version", "cannot write")
}

// TestDatabaseOnAFullDisk limits the size of files. For the program this is like a full disk.
func TestDatabaseOnAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plaza.db")
	serve := command(t, "serve", "--addr", e2etest.FreeAddress(t), "--db", path)
	limited := exec.Command("sh", append([]string{"-c", `ulimit -f 8 && exec "$0" "$@"`}, serve.Args...)...)
	finish(t, limited).isRefused(t, failed, path, "full")
	if left := contents(t, path); len(left) > 0 {
		t.Errorf("it leaves %d files, and would refuse them", len(left))
	}
}

func TestDatabaseServedTwice(t *testing.T) {
	s := e2etest.Open(t)
	ada := s.Newcomer("ada")
	serve := command(t, "serve", "--addr", e2etest.FreeAddress(t), "--db", s.Database)
	finish(t, serve).isRefused(t, failed, s.Database, "another plaza")
	s.MustPost(ada, "still here")
	s.Holds([]string{"still here"})
}

// A copy of a running site's file lacks the newest accounts. On such a file the next visitor could own the site.
func TestDatabaseThatWasCopiedAlone(t *testing.T) {
	s := e2etest.Open(t)
	s.Register("ada")
	content, err := os.ReadFile(s.Database)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "plaza.db")
	write(t, path, content)
	isNotOpened(t, path, "not the whole site")
	target := filepath.Join(t.TempDir(), "other.db")
	finish(t, command(t, "copy", "--from", path, "--to", target)).isRefused(t, failed, path, "not the whole site")
}

func TestGreeting(t *testing.T) {
	s := e2etest.Open(t)
	greets := func(when, data string, ownerless bool) {
		t.Helper()
		if status := s.Stop(); status != 0 {
			t.Fatalf("%s: exit status %d", when, status)
		}
		lines := strings.Split(strings.TrimSpace(s.Greeting), "\n")
		if !strings.Contains(lines[0], s.URL) {
			t.Errorf("%s, the first line is %q, want the address %s", when, lines[0], s.URL)
		}
		if listens := "It listens on " + strings.TrimPrefix(s.URL, "http://") + ", and " + data + s.Database; !strings.HasPrefix(lines[1], listens) {
			t.Errorf("%s, the second line is %q, want %q", when, lines[1], listens)
		}
		if toldSo := strings.Contains(s.Greeting, "own this site"); toldSo != ownerless {
			t.Errorf("%s, the program prints %q", when, s.Greeting)
		}
	}
	greets("at first", "made the file ", true)
	s.Start()
	s.Register("ada")
	greets("before it has an owner", "keeps its data in ", true)
	s.Start()
	greets("once it has an owner", "keeps its data in ", false)
}
