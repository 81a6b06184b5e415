package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		says    string
	}{
		{"not a database", func(t *testing.T, path string) {
			write(t, path, strings.Repeat("This is a letter to a friend. ", 100))
		}, "not a database"},
		{"another program's database", func(t *testing.T, path string) {
			execute(t, path, `CREATE TABLE recipes (name TEXT)`)
		}, "another program"},
		{"made by a newer plaza", func(t *testing.T, path string) {
			mustClose(t, path)
			execute(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		}, "newer plaza"},
		{"served by another plaza", func(t *testing.T, path string) {
			storetest.MustOpenAt(t, path)
		}, "another plaza"},
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
			before, _ := os.ReadFile(path)
			s, err := store.Open(t.Context(), path, store.Serve)
			if err == nil {
				t.Fatal("opened", s.Close())
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(strings.TrimSpace(err.Error()), "\n") {
				t.Errorf("says %q, want one line with %q", err, test.says)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenInAFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "away", "plaza.db"), store.Serve)
	if err == nil || !strings.Contains(err.Error(), "folder does not exist") {
		t.Errorf("says %v", err)
	}
}

// Root may write any file. So these tests mount a file read-only instead; openat(2) fails as it
// does for other users.
func TestOpenWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_RDONLY, "size=2m"); err != nil {
		t.Fatalf("mount a read-only folder: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, 0) })
	_, err := store.Open(t.Context(), filepath.Join(folder, "plaza.db"), store.Serve)
	if err == nil || !strings.Contains(err.Error(), "cannot write") {
		t.Errorf("says %v", err)
	}
}

func TestAdminBesideServe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	serving := storetest.MustOpenAt(t, path)
	beside, err := store.Open(t.Context(), path, store.Admin)
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustUser(t, beside, "ada")
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := serving.UserByName(t.Context(), "ada"); err != nil {
		t.Errorf("the server does not see the new account: %v", err)
	}
	// Closing the other's descriptors must not drop the server's locks.
	if _, err := store.Open(t.Context(), path, store.Serve); err == nil {
		t.Error("a second server opened the file")
	}
}

func TestFileThatDisappears(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := storetest.MustOpenAt(t, path)
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustPost(t, s, ada, "before")
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(t.Context(), storetest.New(ada, "meanwhile")); store.KindOf(err) != store.Unavailable {
		t.Errorf("a post to a file that is gone: %v", err)
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("Ping succeeds without the file")
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if m := storetest.MustPost(t, s, ada, "meanwhile"); m.Seq != 2 {
		t.Errorf("after its return: %+v", m)
	}
}

// Concurrent reads of a file that is gone do not make another file.
func TestReadingGoesOnWithoutTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := storetest.MustOpenAt(t, path)
	storetest.MustPost(t, s, storetest.MustUser(t, s, "ada"), "before")
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	for range 8 {
		reading.Go(func() {
			for range 100 {
				if newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); err != nil || len(newest.Messages) != 1 {
					t.Errorf("the messages are %v, %v", newest, err)
				}
			}
		})
	}
	reading.Wait()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is another file: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2m"); err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	s := storetest.MustOpenAt(t, filepath.Join(folder, "plaza.db"))
	ada := storetest.MustUser(t, s, "ada")
	filler := filepath.Join(folder, "filler")
	fill(t, filler)
	full := storetest.New(ada, "no room for this")
	full.Source = strings.Repeat("full ", 800)
	if _, err := s.Post(t.Context(), full); store.KindOf(err) != store.Unavailable {
		t.Fatalf("a post to a full disk: %v", err)
	}
	if _, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); err != nil {
		t.Errorf("reading from a full disk: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Post(t.Context(), full); err != nil || m.Seq != 1 {
		t.Errorf("once there is room: %+v, %v", m, err)
	}
}

// fill writes until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = file.Write(block)
	}
	_ = file.Close()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// mustClose makes a database and closes it.
func mustClose(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Serve)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
