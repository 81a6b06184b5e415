package e2etest

import (
	"fmt"
	"net"
	"sync"
	"testing"
)

// Ports lie below those that the kernel gives to connections. On Linux these begin at 32768. Otherwise
// the kernel could give a killed site's port to a client that tries to reach the site, and the site
// could not start again.
const (
	firstPort      = 20_000
	lastPort       = 32_000
	portsOfProcess = 1000
)

// ports is the range of ports of this process. Packages run side by side. Each process holds the first
// port of its range as long as it lives, so that no other process takes the range.
var ports struct {
	sync.Mutex
	held net.Listener
	from int
	used int
}

// FreeAddress returns an address on loopback on which no program listens. No other test gets it.
func FreeAddress(t testing.TB) string {
	t.Helper()
	ports.Lock()
	defer ports.Unlock()
	for from := firstPort; ports.held == nil && from < lastPort; from += portsOfProcess {
		if listener, err := net.Listen("tcp", loopback(from)); err == nil {
			ports.held, ports.from = listener, from
		}
	}
	if ports.held == nil {
		t.Fatalf("all ranges of ports from %d to %d are taken", firstPort, lastPort)
	}
	for range portsOfProcess {
		ports.used++
		address := loopback(ports.from + 1 + ports.used%(portsOfProcess-1))
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
