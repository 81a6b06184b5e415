package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// A database that cannot be written does not open. It opens unchanged later. The file is mounted
// read-only, because root may write any file.
func TestOpenReadOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		mount func(t *testing.T, folder, path string)
	}{
		{"the file", func(t *testing.T, _, path string) {
			mount(t, path)
			makeReadOnly(t, path)
		}},
		{"the folder", func(t *testing.T, folder, _ string) {
			mount(t, folder)
			makeReadOnly(t, folder)
		}},
		{"the folder but for the file", func(t *testing.T, folder, path string) {
			mount(t, folder)
			mount(t, path)
			makeReadOnly(t, folder)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "plaza.db")
			gather(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run("is not opened", func(t *testing.T) {
				test.mount(t, folder, path)
				s, err := store.Open(t.Context(), path, store.Serve)
				if err == nil {
					t.Fatal("opened", s.Close())
				}
				if says := err.Error(); !strings.Contains(says, "cannot write") || !strings.Contains(says, path) {
					t.Errorf("says %q", says)
				}
			})
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("it was changed, %v", err)
			}
			s := storetest.MustOpenAt(t, path)
			storetest.MustPost(t, s, authors(t, s, 1)[0], "once it can be written")
		})
	}
}

// mount mounts a file or a folder onto itself until the test's end, so that it can be made
// read-only there.
func mount(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mount(path, path, "", syscall.MS_BIND, ""); err != nil {
		t.Fatalf("mount %s: %v", path, err)
	}
	unmountAtEnd(t, path)
}

func unmountAtEnd(t *testing.T, path string) {
	t.Cleanup(func() {
		// Detached, because a process of another test may hold its files for a moment.
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

func makeReadOnly(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mount("", path, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatalf("make %s read-only: %v", path, err)
	}
}
