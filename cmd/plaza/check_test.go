package main

import (
	"net"
	"strings"
	"testing"
)

// The check of a port says whether something answers there.
func TestCheckPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ok: something answers", "problem: nothing answers"} {
		var said strings.Builder
		checkPort(t.Context(), &report{out: &said}, "127.0.0.1", port)
		if !strings.HasPrefix(said.String(), want) {
			t.Errorf("it says %q, want %q", said.String(), want)
		}
		_ = listener.Close()
	}
}

// A name that leads to no machine, and one that leads to this one.
func TestCheckName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"unknown.invalid": "problem: DNS has no address", "127.0.0.1": "ok: 127.0.0.1 leads to this machine"} {
		var said strings.Builder
		if leads := checkName(t.Context(), &report{out: &said}, name); leads == strings.HasPrefix(want, "problem") || !strings.HasPrefix(said.String(), want) {
			t.Errorf("of %s it says %q, want %q", name, said.String(), want)
		}
	}
}
