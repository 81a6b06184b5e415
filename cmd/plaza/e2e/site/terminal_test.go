package site

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// openTerminal creates a pseudo-terminal. A person types and reads at one end; the program has the other.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	var number, unlocked int32
	control(t, person, syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(t, person, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked))
	program, err = os.OpenFile(filepath.Join("/dev/pts", fmt.Sprint(number)), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// control gets or sets a property of a terminal: see ioctl_tty(2).
func control(t *testing.T, terminal *os.File, request uintptr, argument unsafe.Pointer) {
	t.Helper()
	connection, err := terminal.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = connection.Control(func(descriptor uintptr) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, descriptor, request, uintptr(argument)); errno != 0 {
			t.Fatalf("ioctl %#x: %v", request, errno)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPasswordAtATerminal checks that the program asks for a password, and that the terminal does not
// show it.
func TestPasswordAtATerminal(t *testing.T) {
	s := e2etest.Open(t)
	person, program := openTerminal(t)
	create := command(t, "user", "--db", s.Database, "create", "ada", "ada@example.org")
	create.Stdin, create.Stdout, create.Stderr = program, program, program
	if err := create.Start(); err != nil {
		t.Fatal(err)
	}
	e2etest.Eventually(t, "the terminal does not echo", func() bool {
		var modes syscall.Termios
		control(t, person, syscall.TCGETS, unsafe.Pointer(&modes))
		return modes.Lflag&syscall.ECHO == 0
	})
	if _, err := io.WriteString(person, storetest.Password+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := create.Wait(); err != nil {
		t.Errorf("create an account: %v", err)
	}
	var modes syscall.Termios
	control(t, person, syscall.TCGETS, unsafe.Pointer(&modes))
	if modes.Lflag&syscall.ECHO == 0 {
		t.Error("afterwards the terminal does not echo")
	}
	_ = program.Close() // so that reading ends, with EIO
	shown, _ := io.ReadAll(person)
	if !strings.HasPrefix(string(shown), "New password: ") || !strings.Contains(string(shown), "owner") {
		t.Errorf("the terminal shows %q", shown)
	}
	if strings.Contains(string(shown), storetest.Password) {
		t.Errorf("the terminal shows the password: %q", shown)
	}
	s.SignIn("ada")
}
