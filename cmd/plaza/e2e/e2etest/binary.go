package e2etest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Version is the version of the binary under test.
const Version = "v1.2.3-test"

// binary is the path of the program under test. Run sets it before the first test.
var binary string

// Binary returns the path of the program under test.
func Binary() string { return binary }

// parallel is the number of tests that run side by side. Most of the time they wait for a browser, a
// network or a restart.
const parallel = 4

// Run builds the program, runs a package's tests and returns the exit status. Every package
// that uses a Site calls it from TestMain.
func Run(m *testing.M) int {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked && runtime.GOMAXPROCS(0) < parallel {
		if err := flag.Set("test.parallel", strconv.Itoa(parallel)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	folder, err := os.MkdirTemp("", "plaza-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary = filepath.Join(folder, "plaza")
	if err := build(binary); err != nil {
		fmt.Fprintf(os.Stderr, "build plaza: %v\n", err)
		return 1
	}
	return m.Run()
}

// root is the folder of the module, seen from a package in cmd/plaza/e2e.
const root = "../../../.."

// build builds the binary by the Makefile's recipe, so that the tests run what people run. The packages
// share one file, and go build leaves it alone while it is up to date. Each package runs a copy: a later
// build must not replace the program between two of its starts.
func build(target string) error {
	makefile, err := os.ReadFile(root + "/Makefile")
	if err != nil {
		return err
	}
	_, recipe, found := strings.Cut(string(makefile), "GO_BUILD := ")
	if !found {
		return errors.New("the Makefile has no GO_BUILD")
	}
	recipe, _, _ = strings.Cut(recipe, "\n")
	recipe = strings.ReplaceAll(recipe, "$(VERSION)", Version)
	if err := os.MkdirAll(root+"/bin", 0o750); err != nil {
		return err
	}
	lock, err := os.OpenFile(root+"/bin/plaza-test.lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }() // closing unlocks it
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	command := exec.Command("sh", "-c", recipe+" -o bin/plaza-test ./cmd/plaza") //nolint:gosec // the recipe is ours
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	built, err := os.ReadFile(root + "/bin/plaza-test")
	if err != nil {
		return err
	}
	return os.WriteFile(target, built, 0o700) //nolint:gosec // a program
}
