package certificate

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"

	"plaza/handlers/certificate/acmetest"
)

// The files are read again when they change. While they do not fit, the site keeps its certificate.
func TestFiles(t *testing.T) {
	t.Parallel()
	certFile, keyFile := acmetest.Files(t, name)
	files, err := NewFiles(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if !files.HasName(name) || files.HasName("evil.example") {
		t.Error("the certificate has other names than it should")
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { files.Run(ctx) })
	defer running.Wait()
	defer cancel()

	newCert, newKey := acmetest.Files(t, name)
	replace := func(file, by string) {
		t.Helper()
		was, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(by, was.ModTime(), was.ModTime()); err != nil { // as if both were made at one moment
			t.Fatal(err)
		}
		if err := os.Rename(by, file); err != nil {
			t.Fatal(err)
		}
	}
	before := files.ready.Load()
	replace(certFile, newCert) // whose key is not there yet
	eventually(t, "the files were read in vain", func() bool {
		now, err := files.look()
		return err == nil && isSame(files.last.Load()[0], now[0])
	})
	if files.ready.Load() != before {
		t.Error("the site shows a certificate without its key")
	}
	replace(keyFile, newKey)
	eventually(t, "the site shows the new certificate", func() bool { return files.ready.Load() != before })
}

// Files that cannot be used are an error at the start.
func TestFilesThatDoNotFit(t *testing.T) {
	t.Parallel()
	certFile, _ := acmetest.Files(t, name)
	_, keyFile := acmetest.Files(t, name)
	for _, files := range [][2]string{{certFile, keyFile}, {certFile, "missing.pem"}, {"missing.pem", keyFile}} {
		if _, err := NewFiles(files[0], files[1], slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("the files %v can be used", files)
		}
	}
}
