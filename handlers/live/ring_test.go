package live

import (
	"testing"
)

func fragmentsOf(r *ring) (fragments []string) {
	for _, entry := range r.entries {
		fragments = append(fragments, string(entry.Fragment))
	}
	return fragments
}

// A ring has the latest fragment of each message alone, in whatever order its parts come: a deleted text must be
// nowhere.
func TestRingForgetsEarlierFragments(t *testing.T) {
	t.Parallel()
	r := &ring{most: maxRingBytes}
	r.restart(2)
	r.append(Entry{Version: 3, Seq: 3, Fragment: []byte("three")})
	r.append(Entry{Version: 4, Seq: 4, Fragment: []byte("four")})
	r.append(Entry{Version: 5, Seq: 3, Fragment: []byte("three again")})
	r.append(Entry{Version: 6, Seq: 1, Fragment: []byte("one again")})
	// These were read before message 1 changed.
	r.prepend(0, []Entry{{Version: 1, Seq: 1, Fragment: []byte("one")}, {Version: 2, Seq: 2, Fragment: []byte("two")}})
	want := []string{"", "two", "", "four", "three again", "one again"}
	got := fragmentsOf(r)
	if len(got) != len(want) {
		t.Fatalf("the ring has %q", got)
	}
	bytes := 0
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("version %d has %q, want %q", i+1, got[i], want[i])
		}
		bytes += len(want[i])
	}
	if r.bytes != bytes {
		t.Errorf("the ring counts %d bytes of %d", r.bytes, bytes)
	}
	if after := r.after(0); len(after) != 6 {
		t.Errorf("the ring has %d changes after version 0", len(after))
	}
}

// A ring has no fragment with a quote of a text that was replaced. A reader that needs it is served from the store.
func TestRingDropsEarlierQuotes(t *testing.T) {
	t.Parallel()
	r := &ring{most: maxRingBytes}
	r.restart(2)
	r.append(Entry{Version: 3, Seq: 3, Fragment: []byte("three")})
	r.append(Entry{Version: 4, Seq: 4, Quotes: 1, QuoteVersion: 1, Fragment: []byte("four, of one")})
	r.append(Entry{Version: 5, Seq: 5, Quotes: 3, QuoteVersion: 3, Fragment: []byte("five, of three")})
	r.append(Entry{Version: 6, Seq: 1, Fragment: []byte("one again")})
	if got := fragmentsOf(r); r.from != 4 || len(got) != 2 || got[0] != "five, of three" || r.bytes != len("five, of threeone again") {
		t.Fatalf("after a change of message 1 the ring has %q from %d on", got, r.from)
	}
	// This was read before message 1 changed, and is read again.
	r.prepend(2, []Entry{{Version: 3, Seq: 3, Fragment: []byte("three")}, {Version: 4, Seq: 4, Quotes: 1, QuoteVersion: 1, Fragment: []byte("four, of one")}})
	if got := fragmentsOf(r); r.from != 4 || len(got) != 2 {
		t.Fatalf("after a read from before that the ring has %q from %d on", got, r.from)
	}
	r.prepend(2, []Entry{{Version: 3, Seq: 3, Fragment: []byte("three")}, {Version: 4, Seq: 4, Quotes: 1, QuoteVersion: 6, Fragment: []byte("four, of one again")}})
	if got := fragmentsOf(r); r.from != 2 || len(got) != 4 || got[1] != "four, of one again" {
		t.Fatalf("after a read from after that the ring has %q from %d on", got, r.from)
	}
	if len(r.after(2)) != 4 {
		t.Errorf("the ring has %d changes after version 2", len(r.after(2)))
	}
}
