package main

import (
	"bytes"
	"testing"

	"plaza/store/copy"
)

// A table that takes long gets a line every few seconds. The test sets that time to zero.
func TestCopyProgressOfALongTable(t *testing.T) {
	var out bytes.Buffer
	p := newCopyProgress(&out)
	p.every = 0
	for _, done := range []int64{0, 500, 1000, 1500, 1500} {
		p.show(copy.Progress{Step: copy.Copying, Table: "messages", Done: done, Total: 1500})
	}
	p.end()
	const want = "copying messages: 500 of 1,500 rows (33%)\n" +
		"copying messages: 1,000 of 1,500 rows (66%)\n" +
		"copying messages: 1,500 rows\n"
	if out.String() != want {
		t.Errorf("it prints %q, want %q", &out, want)
	}
}
