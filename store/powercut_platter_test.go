package store_test

import (
	"bytes"
	"maps"
	"os"
	"slices"

	"plaza/store"
)

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
