package store_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"plaza/store"
)

// event is an operation on a database's file, or a confirmation to a user.
type event struct {
	kind    kind
	file    string // the part of the file's name after the database's
	at      int64  // if wrote, the offset; if resized, the new size
	bytes   []byte // if wrote, the data
	message store.Message
	account string
}

type kind int

const (
	made kind = iota
	wrote
	resized
	synced
	unsynced    // a sync failed: its writes are lost, and no later sync saves them
	namesSynced // the folder was synced: after a power cut, it has the current files
	removed
	confirmed // a message or an account
)

// disk records the operations on the files of one database.
type disk struct {
	mu     sync.Mutex
	events []event
	// refuses returns SQLite's result code with which an operation fails, or 0 if it does not fail.
	refuses func(kind kind, file string) int32
}

func (d *disk) note(e event) { d.events = append(d.events, e) }

// confirm records a confirmation to a user.
func (d *disk) confirm(e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.kind = confirmed
	d.note(e)
}

// refuse makes later operations fail as f says. With nil, none fail.
func (d *disk) refuse(f func(kind kind, file string) int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuses = f
}

// history returns the events so far.
func (d *disk) history() []event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events)
}

// do runs an operation of the kernel and records it if it succeeds, unless the operation must fail.
// Operations run one at a time, so that events are in the order of the operations.
func (d *disk) do(e event, ask func() int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	code := int32(sqlite3.SQLITE_OK)
	if d.refuses != nil {
		code = d.refuses(e.kind, e.file)
	}
	if code == sqlite3.SQLITE_OK {
		code = ask()
	}
	switch {
	case code == sqlite3.SQLITE_OK:
		d.note(e)
	case e.kind == synced:
		e.kind = unsynced
		d.note(e)
	}
	return code
}

// SQLite knows a VFS, and each open file, by a table of functions. Ours have the kernel's
// functions, except for those that are recorded. In a table, a function is an address; the type of
// each field says which.
var (
	watching  sync.Once
	disks     sync.Map // a *disk by a database's path
	openFiles sync.Map // an *openFile by the address of SQLite's file
	kernel    sqlite3.Tsqlite3_vfs

	tablesLock sync.Mutex
	tables     = map[uintptr]*fileTables{} // by the address of the kernel's table
)

// fileTables are the tables for files with one sort of SQLite's locks.
type fileTables struct {
	kernel  sqlite3.Tsqlite3_io_methods
	watched uintptr
}

// keep copies a table to memory that SQLite may use forever.
func keep[T any](tls *libc.TLS, table T) uintptr {
	address := libc.Xmalloc(tls, uint64(unsafe.Sizeof(table)))
	*at[T](address) = table
	return address
}

type (
	openFunction     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, flagsOut uintptr) int32
	removeFunction   = func(tls *libc.TLS, vfs, name uintptr, syncFolder int32) int32
	writeFunction    = func(tls *libc.TLS, file, from uintptr, size int32, at int64) int32
	truncateFunction = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunction     = func(tls *libc.TLS, file uintptr, flags int32) int32
	closeFunction    = func(tls *libc.TLS, file uintptr) int32
)

// function returns a pointer to a function's field in a table.
func function[F any](place *uintptr) *F { return (*F)(unsafe.Pointer(place)) }

// at returns the value at an address in SQLite's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// watch records all further operations on a database's files.
func watch(t testing.TB, path string) *disk {
	t.Helper()
	watching.Do(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		kernel = *at[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(tls, 0))
		watched := kernel
		watched.FzName, _ = libc.CString("watched")
		*function[openFunction](&watched.FxOpen) = openWatched
		*function[removeFunction](&watched.FxDelete) = removeWatched
		// The store names no VFS, so ours must be the default. It does nothing to files that are
		// not watched.
		sqlite3.Xsqlite3_vfs_register(tls, keep(tls, watched), 1)
	})
	d := &disk{}
	d.note(event{kind: made}) // the store makes the file before SQLite opens it
	if content, err := os.ReadFile(path); err == nil {
		d.note(event{kind: wrote, bytes: content})
		d.note(event{kind: synced})
		d.note(event{kind: namesSynced})
	}
	disks.Store(path, d)
	t.Cleanup(func() { disks.Delete(path) })
	return d
}

// openFile is an open file of a watched database.
type openFile struct {
	disk   *disk
	kernel *sqlite3.Tsqlite3_io_methods
	name   string // the part after the database's name
	isNew  bool   // SQLite syncs the folder with the file
}

// diskOf returns the disk of a watched file, and the part of its name after the database's.
func diskOf(name uintptr) (*disk, string) {
	if name == 0 {
		return nil, "" // a temporary file
	}
	path := libc.GoString(name)
	for _, suffix := range []string{"-wal", "-journal", ""} {
		if database, found := strings.CutSuffix(path, suffix); found {
			if d, ok := disks.Load(database); ok {
				return d.(*disk), suffix
			}
		}
	}
	return nil, ""
}

func openWatched(tls *libc.TLS, vfs, name, file uintptr, flags int32, flagsOut uintptr) int32 {
	open := *function[openFunction](&kernel.FxOpen)
	d, suffix := diskOf(name)
	if d == nil {
		return open(tls, vfs, name, file, flags, flagsOut)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, absent := os.Stat(libc.GoString(name))
	code := open(tls, vfs, name, file, flags, flagsOut)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	if absent != nil {
		d.note(event{kind: made, file: suffix})
	}
	table := &at[sqlite3.Tsqlite3_file](file).FpMethods
	of := tablesOf(tls, *table)
	*table = of.watched
	isNew := flags&sqlite3.SQLITE_OPEN_CREATE != 0 && flags&(sqlite3.SQLITE_OPEN_WAL|sqlite3.SQLITE_OPEN_MAIN_JOURNAL) != 0
	openFiles.Store(file, &openFile{disk: d, kernel: &of.kernel, name: suffix, isNew: isNew})
	return code
}

// tablesOf returns the kernel's table, and the one that records.
func tablesOf(tls *libc.TLS, address uintptr) *fileTables {
	tablesLock.Lock()
	defer tablesLock.Unlock()
	if found := tables[address]; found != nil {
		return found
	}
	table := *at[sqlite3.Tsqlite3_io_methods](address)
	of := &fileTables{kernel: table}
	*function[writeFunction](&table.FxWrite) = writeWatched
	*function[truncateFunction](&table.FxTruncate) = truncateWatched
	*function[syncFunction](&table.FxSync) = syncWatched
	*function[closeFunction](&table.FxClose) = closeWatched
	of.watched = keep(tls, table)
	tables[address] = of
	return of
}

func opened(file uintptr) *openFile {
	found, _ := openFiles.Load(file)
	return found.(*openFile)
}

func writeWatched(tls *libc.TLS, file, from uintptr, size int32, offset int64) int32 {
	f := opened(file)
	written := bytes.Clone(unsafe.Slice(at[byte](from), size))
	return f.disk.do(event{kind: wrote, file: f.name, at: offset, bytes: written}, func() int32 {
		return (*function[writeFunction](&f.kernel.FxWrite))(tls, file, from, size, offset)
	})
}

func truncateWatched(tls *libc.TLS, file uintptr, size int64) int32 {
	f := opened(file)
	return f.disk.do(event{kind: resized, file: f.name, at: size}, func() int32 {
		return (*function[truncateFunction](&f.kernel.FxTruncate))(tls, file, size)
	})
}

func syncWatched(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := opened(file)
	code := f.disk.do(event{kind: synced, file: f.name}, func() int32 {
		return (*function[syncFunction](&f.kernel.FxSync))(tls, file, flags)
	})
	if code == sqlite3.SQLITE_OK && f.isNew {
		f.isNew = false
		code = f.disk.do(event{kind: namesSynced}, func() int32 { return sqlite3.SQLITE_OK })
	}
	return code
}

func closeWatched(tls *libc.TLS, file uintptr) int32 {
	f := opened(file)
	openFiles.Delete(file)
	return (*function[closeFunction](&f.kernel.FxClose))(tls, file)
}

func removeWatched(tls *libc.TLS, vfs, name uintptr, syncFolder int32) int32 {
	remove := func() int32 { return (*function[removeFunction](&kernel.FxDelete))(tls, vfs, name, syncFolder) }
	d, suffix := diskOf(name)
	if d == nil {
		return remove()
	}
	code := d.do(event{kind: removed, file: suffix}, remove)
	if code == sqlite3.SQLITE_OK && syncFolder != 0 {
		code = d.do(event{kind: namesSynced}, func() int32 { return sqlite3.SQLITE_OK })
	}
	return code
}
