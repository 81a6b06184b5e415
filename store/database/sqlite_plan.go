package database

import (
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// keepPlans makes connections that are opened later plan each statement once, whatever its arguments.
// SQLite calls this the query planner stability guarantee. Without it, SQLite guesses how many rows a
// comparison finds by whether the argument is 0 or 1, and plans the statement again when that changes.
// The plan costs more than the statement, and 1 is a frequent id. See
// https://www.sqlite.org/queryplanner-ng.html#qpstab.
//
// The driver has no setting for it. SQLite calls what is registered here for each new connection, of
// the whole process.
var keepPlans = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	hook := any(keepPlansOf)
	// The driver's libc calls a Go func by the second word of its interface value.
	address := (*[2]uintptr)(unsafe.Pointer(&hook))[1] //nolint:gosec // as the driver's own packages do
	if sqlite3.Xsqlite3_auto_extension(tls, address) != sqlite3.SQLITE_OK {
		return errors.New("cannot set up SQLite")
	}
	return nil
})

// keepPlansOf is an entry point of an SQLite extension: https://www.sqlite.org/c3ref/auto_extension.html.
func keepPlansOf(tls *libc.TLS, connection, _, _ uintptr) int32 {
	const on, slot = int32(1), 8
	arguments := libc.Xmalloc(tls, 2*slot)
	if arguments == 0 {
		return sqlite3.SQLITE_NOMEM
	}
	defer libc.Xfree(tls, arguments)
	return sqlite3.Xsqlite3_db_config(tls, connection, sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, libc.VaList(arguments, on, uintptr(0)))
}
