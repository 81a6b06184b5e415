package site

import (
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// BenchmarkStart measures how soon the program listens, on a database with a history.
func BenchmarkStart(b *testing.B) {
	s := e2etest.New(b)
	s.MustRemember(e2etest.Numbered(120))
	var milliseconds, starts float64
	for b.Loop() {
		s.Start()
		s.Kill()
		milliseconds += 1000 * s.Starting.Seconds()
		starts++
	}
	b.ReportMetric(milliseconds/starts, "ms/start")
	b.ReportMetric(0, "ns/op") // it would include the end of the process
}
