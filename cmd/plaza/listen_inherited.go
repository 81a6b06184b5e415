package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// inherited are the listeners that systemd opened for the program, with rights that the program itself need not have.
// See systemd.socket and sd_listen_fds.
type inherited []net.Listener

// firstInherited is the number of the first file that systemd passes on.
const firstInherited = 3

// inheritedListeners returns the listeners that systemd opened. No other program that this one starts gets them.
func inheritedListeners() (inherited, error) {
	defer func() {
		for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
			_ = os.Unsetenv(name)
		}
	}()
	count, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if err != nil || os.Getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	var listeners inherited
	for number := firstInherited; number < firstInherited+count; number++ {
		syscall.CloseOnExec(number)
		file := os.NewFile(uintptr(number), "systemd")
		listener, err := net.FileListener(file)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("systemd passes on a file that is not a listening socket: %w", err), file.Close(), listeners.close())
		}
		listeners = append(listeners, listener)
		if err := file.Close(); err != nil { // the listener has a copy
			return nil, err
		}
	}
	return listeners, nil
}

// listen returns a listener for an address: one of systemd's with the same port, which it takes from the list, or else a
// new one.
func (l *inherited) listen(address string) (net.Listener, error) {
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := net.LookupPort("tcp", text)
	if err != nil {
		return nil, err
	}
	for i, listener := range *l {
		if tcp, ok := listener.Addr().(*net.TCPAddr); ok && tcp.Port == port && port != 0 {
			*l = append((*l)[:i:i], (*l)[i+1:]...)
			return listener, nil
		}
	}
	return listenOn(address)
}

// close closes the listeners that nobody took. It fails if there are some: the flags and the socket unit disagree.
func (l inherited) close() error {
	var errs []error
	for _, listener := range l {
		errs = append(errs, fmt.Errorf("systemd listens on %s, and no flag does: see --https-addr, --http-addr and --addr", listener.Addr()), listener.Close())
	}
	return errors.Join(errs...)
}
