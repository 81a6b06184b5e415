package database

import (
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// keepPlans has all connections that are opened from then on plan a statement once, whatever values it
// gets: SQLite calls it the query planner stability guarantee. Without it, SQLite looks whether a
// value that a column is compared to is 0 or 1, to guess how many rows there are. It would plan a
// statement again, which costs more than to carry it out, whenever the public room's id follows
// another room's. See https://www.sqlite.org/queryplanner-ng.html#qpstab.
//
// The driver has no setting for it. SQLite calls what is registered here for each new connection.
var keepPlans = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	hook := any(keepPlansOf)
	// What libc takes for a C function's address: the second word of a func in an interface.
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
