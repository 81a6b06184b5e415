package certificate

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// Files is a certificate in files. While it runs and they change, it is read again.
type Files struct {
	certificate, key string
	log              *slog.Logger
	ready            atomic.Pointer[tls.Certificate]
	last             atomic.Pointer[[2]os.FileInfo] // the two files, as they were last read
}

// filesEvery is how often the files are looked at.
const filesEvery = time.Second

// NewFiles reads a certificate, with its chain, and its key from PEM files. It fails if they do not fit.
func NewFiles(certificate, key string, log *slog.Logger) (*Files, error) {
	f := &Files{certificate: certificate, key: key, log: log}
	return f, f.read()
}

// read reads the files if they have changed.
func (f *Files) read() error {
	now, err := f.look()
	if err != nil {
		return err
	}
	if last := f.last.Load(); last != nil && isSame(last[0], now[0]) && isSame(last[1], now[1]) {
		return nil
	}
	f.last.Store(&now)
	ready, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err != nil {
		return fmt.Errorf("the certificate %s and the key %s cannot be used: %w", f.certificate, f.key, err)
	}
	f.ready.Store(&ready)
	return nil
}

func (f *Files) look() (files [2]os.FileInfo, err error) {
	for i, name := range []string{f.certificate, f.key} {
		if files[i], err = os.Stat(name); err != nil {
			return files, err
		}
	}
	return files, nil
}

// isSame tells whether a file is as it was. Two files may have the same time: the kernel counts it in milliseconds.
func isSame(was, is os.FileInfo) bool {
	return os.SameFile(was, is) && was.ModTime().Equal(is.ModTime()) && was.Size() == is.Size()
}

// Run reads the files again when they change, until ctx ends. While one is new and the other is not, the site keeps its
// certificate.
func (f *Files) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(filesEvery):
		}
		if err := f.read(); err != nil {
			f.log.Error("the site keeps its certificate", "error", err)
		}
	}
}

// GetCertificate returns the certificate for a handshake, as tls.Config has it.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return f.ready.Load(), nil
}

// HasName tells whether the certificate is for a name.
func (f *Files) HasName(name string) bool { return f.ready.Load().Leaf.VerifyHostname(name) == nil }

// ServeChallenge answers no authority: false.
func (f *Files) ServeChallenge(http.ResponseWriter, *http.Request, string) bool { return false }
