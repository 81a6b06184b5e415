package site

import (
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// BenchmarkStart measures how soon a site with a history listens.
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
	b.ReportMetric(0, "ns/op") // which the end of the process would be part of
}
