package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"plaza/store/copy"
)

// copyProgress shows how far a copy is. A terminal gets a bar that moves. Anything else gets a line
// for each table, and another every lineEvery while a table takes longer.
type copyProgress struct {
	out   io.Writer
	width int           // of the terminal, in columns; 0 if out is not a terminal
	every time.Duration // between two lines or bars of the same table
	last  copy.Progress
	shown time.Time // when last was shown
	bar   bool      // the terminal's last line is a bar
}

const (
	barEvery   = 100 * time.Millisecond
	lineEvery  = 5 * time.Second
	barWidth   = 24
	usualWidth = 80 // columns, of a terminal that does not report its width
)

func newCopyProgress(out io.Writer) *copyProgress {
	p := &copyProgress{out: out, every: lineEvery}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.width, p.every = usualWidth, barEvery
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			p.width = width
		}
	}
	return p
}

// show shows a report of the copy, unless the last one is too recent.
func (p *copyProgress) show(now copy.Progress) {
	begins := now.Step != p.last.Step || now.Table != p.last.Table
	ends := now.Done == now.Total
	if !begins && (p.last.Done == p.last.Total || !ends && time.Since(p.shown) < p.every) {
		return
	}
	p.last, p.shown = now, time.Now()
	if p.width > 0 {
		p.draw(now)
	} else if ends || !begins {
		fmt.Fprintln(p.out, copyLine(now))
	}
}

// copyLine returns a line such as "copying messages: 1,000 of 4,000 rows (25%)".
func copyLine(now copy.Progress) string {
	of := count(now.Total, "row")
	if now.Done < now.Total {
		of = fmt.Sprintf("%s of %s (%d%%)", thousands(now.Done), of, percent(now))
	}
	return fmt.Sprintf("%s %s: %s", now.Step, strings.ReplaceAll(now.Table, "_", " "), of)
}

// draw replaces the bar on the terminal's last line. A longer line would wrap, and the next bar could
// not replace it.
func (p *copyProgress) draw(now copy.Progress) {
	full := percent(now) * barWidth / 100
	bar := "[" + strings.Repeat("#", full) + strings.Repeat("-", barWidth-full) + "] "
	line := bar + copyLine(now)
	if len(line) >= p.width {
		line = copyLine(now)
	}
	fmt.Fprintf(p.out, "\r\x1b[K%s", line[:min(len(line), max(p.width-1, 0))])
	p.bar = true
}

// end removes the bar: what the program prints next starts on an empty line.
func (p *copyProgress) end() {
	if p.bar {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func percent(now copy.Progress) int {
	if now.Total == 0 {
		return 100
	}
	return int(min(100, now.Done*100/now.Total))
}

// count returns a number with its noun: "1 row", "2,000 rows".
func count(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

// thousands groups the digits of a number: 1,000,000.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
