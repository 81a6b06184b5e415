package main

import "testing"

// BenchmarkStart measures how soon a site with a history listens.
func BenchmarkStart(b *testing.B) {
	s := newSite(b)
	if err := s.remember(numbered(120)); err != nil {
		b.Fatal(err)
	}
	var milliseconds, starts float64
	for b.Loop() {
		s.start()
		s.kill()
		milliseconds += 1000 * s.starting.Seconds()
		starts++
	}
	b.ReportMetric(milliseconds/starts, "ms/start")
	b.ReportMetric(0, "ns/op") // which the end of the process would be part of
}
