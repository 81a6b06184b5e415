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
