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

// A power cut takes all that was written and not yet synced: all of it, or any part, since a
// disk writes in what order it likes. So these tests have a layer of their own between SQLite
// and the kernel (SQLite calls it a VFS) which notes each write and each sync of a database's
// files. From that, the files can be made as they would be after a power cut at any moment.

// event is something that happened to a file of a database, or was promised to a member.
type event struct {
	kind    kind
	file    string // what follows the database's name in the file's own
	at      int64  // wrote: where; resized: to what size
	bytes   []byte // wrote
	message store.Message
	account string
}

type kind int

const (
	made kind = iota
	wrote
	resized
	synced
	unsynced    // a sync failed: what it was for is lost, and no later sync brings it back
	namesSynced // the folder was synced: it has the files that are there now, and no others
	removed
	confirmed // a message or an account
)

// disk notes what happens to the files of one database.
type disk struct {
	mu     sync.Mutex
	events []event
	// refuses says with which of SQLite's result codes something fails, instead of being
	// done; 0: it does not.
	refuses func(kind kind, file string) int32
}

func (d *disk) note(e event) { d.events = append(d.events, e) }

// confirm notes what a member was told.
func (d *disk) confirm(e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.kind = confirmed
	d.note(e)
}

// refuse has whatever is asked of the disk fail from now on as f says; nil: nothing.
func (d *disk) refuse(f func(kind kind, file string) int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuses = f
}

// history returns what happened so far.
func (d *disk) history() []event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events)
}

// do has the kernel do something, unless it is to fail, and notes it where that succeeds. One
// thing is done at a time, so that the order of the events is that of what was done.
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

// SQLite knows a VFS by a table of functions, and each open file too. Ours are the kernel's but
// for those that are watched. In a table, a function is an address: see the type of each.
var (
	watching  sync.Once
	disks     sync.Map // a database's path → *disk
	openFiles sync.Map // the address of SQLite's file → *openFile
	kernel    sqlite3.Tsqlite3_vfs

	tablesLock sync.Mutex
	tables     = map[uintptr]*fileTables{} // by the address of the kernel's
)

// fileTables are those of a sort of file: SQLite's locks differ between them.
type fileTables struct {
	kernel  sqlite3.Tsqlite3_io_methods
	watched uintptr
}

// keep puts a table where SQLite may use it: in memory of its own, for good.
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

// function is the place of a function in a table.
func function[F any](place *uintptr) *F { return (*F)(unsafe.Pointer(place)) }

// at is what is at an address of SQLite's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// watch has all that happens to a database's files noted from now on.
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
		// The store names no VFS, so it is the default that has to be ours. To files that are
		// not watched it does nothing.
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

// openFile is a file of a watched database.
type openFile struct {
	disk   *disk
	kernel *sqlite3.Tsqlite3_io_methods
	name   string // what follows the database's name
	isNew  bool   // whether SQLite syncs the folder with it
}

// diskOf returns the disk of a file that is watched, and what follows the database's name.
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

// tablesOf returns the kernel's table and the one that watches.
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

// platter is what a disk holds at a moment of its history.
type platter struct {
	files map[string]*heldFile // by what follows the database's name
	named map[string]bool      // the files that have a name after a power cut
	// What members were told up to then.
	messages []store.Message
	accounts []string
}

type heldFile struct {
	safe    []byte  // as of the last sync
	since   []event // what was done to it after that
	removed bool
}

func newPlatter() *platter {
	return &platter{files: map[string]*heldFile{}, named: map[string]bool{}}
}

// turn has the platter go on to the next moment.
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

// sector is what a disk writes whole, or not at all.
const sector = 512

func all() bool { return true }

// written returns a file's content after those parts of what was done to it that survive.
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
	for _, name := range slices.Sorted(maps.Keys(p.files)) { // in one order, so that luck can be repeated
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

// keepsPromises opens a database as it is after a power cut, and checks that what was
// confirmed before is there, whole and in its place, and that the room goes on from there.
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
			return fmt.Errorf("at place %d is the message %d with version %d", i+1, m.Seq, m.Version)
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

// isWhole has SQLite look at all of a database.
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

// evening is a site's first evening as its disk saw it: accounts are made and messages are
// posted side by side, while what was posted is moved from the log to the database file.
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
		author = store.User{Person: store.Person{ID: author.ID, Username: author.Username}} // all that a message tells of them
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

// outage is a power cut: when it comes in a history, and how much survives of what was not
// synced by then.
type outage struct {
	before int
	chance float64
	luck   uint64
}

func (o outage) survives() func() bool {
	luck := rand.New(rand.NewPCG(o.luck, 0))
	return func() bool { return luck.Float64() < o.chance }
}

// What a disk has for certain changes with each sync, and most is confirmed right before the
// next. So that is when nothing else is to survive.
func atEachSync(history []event) []outage {
	outages := []outage{{before: len(history)}}
	for i, e := range history {
		if e.kind == synced {
			outages = append(outages, outage{before: i})
		}
	}
	return outages
}

// Whatever else a disk wrote, and in whatever order, is not to damage that.
func atAnyMoment(history []event) []outage {
	var outages []outage
	for luck := range uint64(20) {
		for _, chance := range []float64{0.02, 0.5, 0.98} {
			outages = append(outages, outage{rand.IntN(len(history) + 1), chance, luck})
		}
	}
	return append(outages, outage{before: len(history), chance: 1})
}

// Whenever the power is cut, all that was confirmed before is there afterwards.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	folder := storetest.MustFolder(t)
	history := evening(t, filepath.Join(folder, "plaza.db"))
	syncs := map[string]int{} // of each file
	for _, e := range history {
		if e.kind == synced {
			syncs[e.file]++
		}
	}
	if syncs["-wal"] < 20 || syncs[""] < 4 {
		t.Errorf("too little was synced for this to say much: %v", syncs)
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
