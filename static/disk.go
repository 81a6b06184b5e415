//go:build dev

package static

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// In development the files come from disk, so that a saved change shows at the next request.
var content fs.FS = sources{os.DirFS(directory())}

// sources lists only folders and the files that embed.go embeds, without what editors keep beside a
// file that is open: a stylesheet must not contain its own backup.
type sources struct{ fs.FS }

func (s sources) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(entries, func(entry fs.DirEntry) bool {
		isSource := slices.Contains([]string{".css", ".js", ".svg"}, path.Ext(entry.Name()))
		return strings.HasPrefix(entry.Name(), ".") || !entry.IsDir() && !isSource
	}), err
}

func directory() string {
	_, source, _, _ := runtime.Caller(0)
	return filepath.Dir(source)
}

// checkInterval is how long current uses the loaded files without checking the disk. A page asks for
// hundreds of addresses, so a check for each of them would take most of its time.
const checkInterval = 50 * time.Millisecond

var loaded struct {
	sync.Mutex
	files     *files
	state     string // what state returned before the files were loaded
	checkedAt time.Time
}

// current loads the files again after one of them has changed.
func current() *files {
	loaded.Lock()
	defer loaded.Unlock()
	if time.Since(loaded.checkedAt) < checkInterval {
		return loaded.files
	}
	if state := state(); loaded.files == nil || state != loaded.state {
		loaded.files, loaded.state = load(), state
	}
	loaded.checkedAt = time.Now()
	return loaded.files
}

// state returns each file's name, size and time of modification. It changes with any of the files.
func state() string {
	var all strings.Builder
	err := fs.WalkDir(content, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(&all, name, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return all.String()
}

// shorten returns b unchanged, so that the browser's tools show the files as they were written.
func shorten(_ string, b []byte) ([]byte, error) { return b, nil }
