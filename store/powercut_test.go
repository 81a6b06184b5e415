package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sync/errgroup"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"plaza/store"
	"plaza/store/storetest"
)

// A power cut loses any part of what was written after the last sync, because disks write in any
// order. So these tests put a layer (SQLite calls it a VFS) between SQLite and the kernel. The
// layer records each write and sync of a database's files. From the record, a test makes the files
// as a power cut at any moment would leave them.

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

// platter is the content of a disk at a moment of its history.
type platter struct {
	files map[string]*heldFile // by the part after the database's name
	named map[string]bool      // the files whose names survive a power cut
	// The confirmations to users up to this moment.
	messages []store.Message
	accounts []string
}

type heldFile struct {
	safe    []byte  // the content at the last sync
	since   []event // the operations after the last sync
	removed bool
}

func newPlatter() *platter {
	return &platter{files: map[string]*heldFile{}, named: map[string]bool{}}
}

// turn moves the platter to the next moment.
func (p *platter) turn(e event) {
	file := p.files[e.file]
	switch e.kind {
	case made:
		p.files[e.file] = &heldFile{}
	case wrote, resized:
		file.since = append(file.since, e)
	case unsynced:
		// The kernel does not try again: https://lwn.net/Articles/752063/
		file.since = nil
	case synced:
		file.safe, file.since = written(file.safe, file.since, all), nil
	case removed:
		file.removed = true
	case namesSynced:
		clear(p.named)
		for name, file := range p.files {
			p.named[name] = !file.removed
		}
	case confirmed:
		if e.account != "" {
			p.accounts = append(p.accounts, e.account)
		} else {
			p.messages = append(p.messages, e.message)
		}
	}
}

// sector is the size in bytes that a disk writes as a whole or not at all.
const sector = 512

func all() bool { return true }

// written returns a file's content after the surviving parts of some operations.
func written(content []byte, since []event, survives func() bool) []byte {
	grow := func(size int64) { content = append(content, make([]byte, max(0, size-int64(len(content))))...) }
	for _, e := range since {
		if e.kind == resized {
			if survives() {
				grow(e.at)
				content = content[:e.at]
			}
			continue
		}
		for begin := e.at; begin < e.at+int64(len(e.bytes)); {
			end := min(e.at+int64(len(e.bytes)), begin-begin%sector+sector)
			if survives() {
				grow(end)
				copy(content[begin:end], e.bytes[begin-e.at:end-e.at])
			}
			begin = end
		}
	}
	return content
}

// cut writes the files as they are after a power cut.
func (p *platter) cut(path string, survives func() bool) error {
	for _, name := range slices.Sorted(maps.Keys(p.files)) { // in one order, so that luck is repeatable
		file := p.files[name]
		isThere := p.named[name]
		if isThere == file.removed && survives() {
			isThere = !file.removed
		}
		if !isThere {
			continue
		}
		if err := os.WriteFile(path+name, written(bytes.Clone(file.safe), file.since, survives), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// keepsPromises opens a database after a power cut. It checks that all confirmed messages and
// accounts are there, whole and in their places, and that the room continues.
func (p *platter) keepsPromises(ctx context.Context, path string) (err error) {
	s, err := store.Open(ctx, path, store.Serve)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(), isWhole(ctx, path)) }()
	messages, err := s.Changes(ctx, store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		return err
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			return fmt.Errorf("place %d has the message %d with version %d", i+1, m.Seq, m.Version)
		}
	}
	for _, m := range p.messages {
		if m.Seq > int64(len(messages)) || messages[m.Seq-1] != m {
			return fmt.Errorf("message %d of %d that are there is not the one that was confirmed", m.Seq, len(messages))
		}
	}
	version, err := versionIn(ctx, path)
	if err != nil {
		return err
	}
	if version != int64(len(messages)) {
		return fmt.Errorf("the room is at version %d with %d messages", version, len(messages))
	}
	for _, account := range p.accounts {
		member, err := s.UserByName(ctx, account)
		if err != nil {
			return fmt.Errorf("the account %s: %w", account, err)
		}
		next, err := s.Post(ctx, storetest.New(member, "after the power cut, by "+account))
		if err != nil {
			return err
		}
		if next.Version != version+1 {
			return fmt.Errorf("the next message has version %d after %d", next.Version, version)
		}
		version++
	}
	return nil
}

// versionIn returns the version of the public chat in a file.
func versionIn(ctx context.Context, path string) (version int64, err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, `SELECT version FROM rooms WHERE id = $1`, store.PublicRoom).Scan(&version)
	return version, err
}

// isWhole makes SQLite check a whole database.
func isWhole(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("SQLite finds it damaged: %s", verdict)
	}
	return nil
}

// evening records the disk of a new site: accounts are made and messages are posted concurrently,
// while SQLite moves posts from the log to the database file.
func evening(t *testing.T, path string) []event {
	t.Helper()
	d := watch(t, path)
	s := storetest.MustOpenAt(t, path)
	const people, each = 2, 24
	checkpoints := []string{"PASSIVE", "FULL", "RESTART", "TRUNCATE"}
	var posting sync.WaitGroup
	for i := range people {
		author := storetest.MustUser(t, s, fmt.Sprint("author", i))
		d.confirm(event{account: author.Username})
		author = store.User{Person: store.Person{ID: author.ID, Username: author.Username}} // all that messages show
		posting.Go(func() {
			for j := range each {
				text := fmt.Sprintf("%d of %d ", j, i)
				n := storetest.New(author, text)
				n.Source, n.HTML = strings.Repeat(text, 1+(i*37+j*91)%400), strings.Repeat(text, 1+(i*53+j*71)%600)
				m, err := s.Post(t.Context(), n)
				if err != nil {
					t.Error(err)
					return
				}
				d.confirm(event{message: m.Message})
				if j%4 == i {
					execute(t, path, `PRAGMA wal_checkpoint(`+checkpoints[j/4%len(checkpoints)]+`)`)
				}
			}
		})
	}
	posting.Wait()
	return d.history()
}

// outage is a power cut before an event of a history. Each unsynced part survives with a chance.
type outage struct {
	before int
	chance float64
	luck   uint64
}

func (o outage) survives() func() bool {
	luck := rand.New(rand.NewPCG(o.luck, 0))
	return func() bool { return luck.Float64() < o.chance }
}

// The certain content of a disk changes at each sync, and most confirmations come right before the
// next one. So a power cut there, with no unsynced part left, is the worst case.
func atEachSync(history []event) []outage {
	outages := []outage{{before: len(history)}}
	for i, e := range history {
		if e.kind == synced {
			outages = append(outages, outage{before: i})
		}
	}
	return outages
}

// Unsynced parts in any combination must do no damage.
func atAnyMoment(history []event) []outage {
	var outages []outage
	for luck := range uint64(20) {
		for _, chance := range []float64{0.02, 0.5, 0.98} {
			outages = append(outages, outage{rand.IntN(len(history) + 1), chance, luck})
		}
	}
	return append(outages, outage{before: len(history), chance: 1})
}

// All that was confirmed before a power cut is there after it.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	folder := storetest.MustFolder(t)
	history := evening(t, filepath.Join(folder, "plaza.db"))
	syncs := map[string]int{} // by file
	for _, e := range history {
		if e.kind == synced {
			syncs[e.file]++
		}
	}
	if syncs["-wal"] < 20 || syncs[""] < 4 {
		t.Errorf("too few syncs for a useful test: %v", syncs)
	}
	outages := append(atEachSync(history), atAnyMoment(history)...)
	slices.SortFunc(outages, func(a, b outage) int { return a.before - b.before })
	var checking errgroup.Group
	checking.SetLimit(2)
	p := newPlatter()
	for i, at := 0, 0; i < len(outages); i++ {
		o := outages[i]
		for ; at < o.before; at++ {
			p.turn(history[at])
		}
		path := filepath.Join(folder, fmt.Sprint("cut", i))
		if err := p.cut(path, o.survives()); err != nil {
			t.Fatal(err)
		}
		told := platter{messages: p.messages, accounts: p.accounts}
		checking.Go(func() error {
			if err := told.keepsPromises(t.Context(), path); err != nil {
				return fmt.Errorf("power cut %+v in %d events, with %d messages confirmed: %w", o, len(history), len(told.messages), err)
			}
			return os.Remove(path)
		})
	}
	if err := checking.Wait(); err != nil {
		t.Error(err)
	}
}
