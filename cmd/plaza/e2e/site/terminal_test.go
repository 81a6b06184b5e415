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

// openTerminal makes a terminal: what a person types and sees, and what a program opens.
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

// control asks or tells a terminal something; see ioctl_tty(2).
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

// TestPasswordAtATerminal checks that a password is asked for, and not shown as it is typed.
func TestPasswordAtATerminal(t *testing.T) {
	s := e2etest.Open(t)
	person, program := openTerminal(t)
	create := command(t, "user", "--db", s.Database, "create", "ada", "ada@example.org")
	create.Stdin, create.Stdout, create.Stderr = program, program, program
	if err := create.Start(); err != nil {
		t.Fatal(err)
	}
	e2etest.Eventually(t, "the terminal shows nothing of what is typed", func() bool {
		var modes syscall.Termios
		control(t, person, syscall.TCGETS, unsafe.Pointer(&modes))
		return modes.Lflag&syscall.ECHO == 0
	})
	if _, err := io.WriteString(person, storetest.Password+"\n"); err != nil {
		t.Fatal(err)
	}
	if err := create.Wait(); err != nil {
		t.Errorf("make an account: %v", err)
	}
	var modes syscall.Termios
	control(t, person, syscall.TCGETS, unsafe.Pointer(&modes))
	if modes.Lflag&syscall.ECHO == 0 {
		t.Error("the terminal is left without echo")
	}
	_ = program.Close() // so that what is shown comes to an end, which is EIO
	shown, _ := io.ReadAll(person)
	if !strings.HasPrefix(string(shown), "New password: ") || !strings.Contains(string(shown), "owner") {
		t.Errorf("the terminal shows %q", shown)
	}
	if strings.Contains(string(shown), storetest.Password) {
		t.Errorf("the password is shown: %q", shown)
	}
	s.SignIn("ada")
}
