package main

import (
	"golang.org/x/sys/unix"

	"plaza/handlers"
	"plaza/handlers/limit"
)

const (
	// connectionsPerAddress is how many connections an address may have, beside its live connections:
	// enough for a school behind one address.
	connectionsPerAddress = 256
	// reservedFiles is how many files the program may open beside its connections: the database, and
	// connections to other servers.
	reservedFiles = 96
	// mostConnections is how many connections there may be if the system sets no lower limit.
	mostConnections = 1 << 20
)

// connections returns the bounds of the server's connections. The system limits the files that the
// program may open, and each connection is one.
func (cmd *serveCommand) connections(site *handlers.Server) *limit.Connections {
	bounds := limit.ConnectionBounds{
		Most: mostConnections, PerAddress: connectionsPerAddress, Elsewhere: site.Connections, Exempt: cmd.TrustedProxies,
	}
	if cmd.Limits == "off" {
		bounds.PerAddress = 0
	}
	var files unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &files) == nil && files.Cur < mostConnections {
		bounds.Most = max(int(files.Cur)-reservedFiles, int(files.Cur)/2) //nolint:gosec // it is smaller than mostConnections
	}
	return limit.NewConnections(bounds)
}
