package site

import (
	"bufio"
	"debug/elf"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/cmd/plaza/e2e/e2etest"
)

// Limits that let the program run on the smallest machines that people rent.
const (
	largestBinary = 40_000_000 // bytes
	largestIdle   = 16_000     // kB of memory
)

func TestBinaryIsStaticAndSmall(t *testing.T) {
	file, err := elf.Open(e2etest.Binary())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("the binary is not static: it has %v", part.Type)
		}
	}
	info, err := os.Stat(e2etest.Binary())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %.1f MB", float64(info.Size())/1e6)
	if info.Size() > largestBinary {
		t.Errorf("the binary has %d bytes, more than %d", info.Size(), largestBinary)
	}
}

// TestBinaryIsAllThatItTakes runs the binary in a folder without other files.
func TestBinaryIsAllThatItTakes(t *testing.T) {
	root, s := t.TempDir(), e2etest.New(t)
	s.Database = "/plaza.db"
	program, err := os.ReadFile(e2etest.Binary())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "plaza"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Change = func(c *exec.Cmd) {
		c.Path, c.Dir, c.Env = "/plaza", "/", []string{}
		c.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	}
	s.Start()
	ada := s.Register("ada")
	s.MustPost(ada, "hello")
	answer, err := ada.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, page := s.Page(answer)
	files := page.Find("link[rel=stylesheet], link[rel=icon], script[src]")
	if files.Length() < 3 {
		t.Errorf("the page refers to %d files", files.Length())
	}
	files.Each(func(_ int, file *goquery.Selection) {
		path := file.AttrOr("href", file.AttrOr("src", ""))
		if answer, err := ada.Get(s.URL + path); err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %v, %v", path, answer, err)
		}
	})
}

// TestIdleMemory measures the memory of the program's own. Beside that the kernel counts the parts of the program's file
// that it has in memory, as many as it likes: it drops them when it needs the memory. The file has a limit of its own.
func TestIdleMemory(t *testing.T) {
	s := e2etest.OpenAfter(t, e2etest.Numbered(120))
	memory := memory(s)
	t.Logf("idle, the program takes %d kB, of which %d kB are its own", memory["VmRSS"], memory["RssAnon"])
	if memory["RssAnon"] == 0 || memory["RssAnon"] > largestIdle {
		t.Errorf("idle, the program takes %d kB, more than %d", memory["RssAnon"], largestIdle)
	}
}

// memory returns the program's memory in kB by the names of /proc/PID/status: see proc_pid_status(5).
func memory(s *e2etest.Site) map[string]int {
	s.T.Helper()
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", s.Process.Process.Pid))
	if err != nil {
		s.T.Fatal(err)
	}
	defer func() { _ = status.Close() }()
	found := map[string]int{}
	for lines := bufio.NewScanner(status); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		var size int
		if _, err := fmt.Sscanf(value, "%d kB", &size); err == nil {
			found[name] = size
		}
	}
	return found
}
