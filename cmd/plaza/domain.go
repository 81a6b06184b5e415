package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"plaza/handlers/certificate"
	"plaza/store"
)

// domains are the names of the site, as browsers write them, the main one first.
type domains []string

func (d *domains) UnmarshalText(text []byte) error {
	for value := range strings.SplitSeq(string(text), ",") {
		name, ok := canonicalHost(strings.TrimSpace(value))
		_, address := netip.ParseAddr(strings.Trim(name, "[]"))
		if !ok || address == nil || !strings.Contains(name, ".") || strings.ContainsAny(name, "_") {
			return fmt.Errorf("%q is not a list of names such as chat.example.org,www.example.org", text)
		}
		if !slices.Contains(*d, name) {
			*d = append(*d, name)
		}
	}
	return nil
}

// authority is the address of an ACME directory.
type authority string

func (a *authority) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return fmt.Errorf("%q is not an address such as https://acme-v02.api.letsencrypt.org/directory", text)
	}
	*a = authority(text)
	return nil
}

// rootsFile is the path of a PEM file of roots. Roots is not embedded: the parser would look for its methods.
type rootsFile struct{ Roots *x509.CertPool }

func (r *rootsFile) UnmarshalText(text []byte) error {
	content, err := os.ReadFile(string(text))
	r.Roots = x509.NewCertPool()
	if err != nil || !r.Roots.AppendCertsFromPEM(content) {
		return fmt.Errorf("%q is not a file with certificates in PEM that can be read", text)
	}
	return nil
}

// validateNames refuses flags of names and certificates that make no sense together.
func (cmd *serveCommand) validateNames() error {
	if (cmd.TLSCert == "") != (cmd.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together: give both, or neither")
	}
	public := cmd.URL.URL
	if public == nil {
		return nil
	}
	if (len(cmd.Domain) > 0 || cmd.TLSCert != "") && public.Scheme != "https" {
		return fmt.Errorf("--url is %s, but a site with --domain or a certificate has an https:// address", public)
	}
	if len(cmd.Domain) > 0 && public.Hostname() != cmd.Domain[0] {
		return fmt.Errorf("--url is %s, but the main name of --domain is %s", public, cmd.Domain[0])
	}
	return nil
}

// publicURL returns the site's address on the internet: --url, or that of the main name. It returns nil if neither is
// known.
func (cmd *serveCommand) publicURL() *url.URL {
	if cmd.URL.URL == nil && len(cmd.Domain) > 0 {
		return &url.URL{Scheme: "https", Host: cmd.Domain[0]}
	}
	return cmd.URL.URL
}

// hasName returns what tells whether a name is the site's: one of --domain, or if that is not given, of the certificate.
func (cmd *serveCommand) hasName(shown certificates) func(name string) bool {
	if len(cmd.Domain) > 0 {
		return func(name string) bool { return slices.Contains(cmd.Domain, name) }
	}
	return shown.HasName
}

// certificates are what the site shows to browsers. There are two kinds: from an authority, and from files.
type certificates interface {
	Run(ctx context.Context)
	GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error)
	ServeChallenge(w http.ResponseWriter, r *http.Request, name string) bool
	HasName(name string) bool
}

// certificates returns the certificates that the flags name; nil if the site has none.
func (cmd *serveCommand) certificates(database *store.Store, log *slog.Logger) (certificates, error) {
	switch {
	case cmd.TLSCert != "":
		files, err := certificate.NewFiles(cmd.TLSCert, cmd.TLSKey, log)
		if err != nil {
			return nil, err
		}
		return files, nil
	case len(cmd.Domain) > 0:
		return certificate.NewAuthority(certificate.Config{
			Store: database, Log: log, Names: cmd.Domain, Directory: string(cmd.ACMEDirectory),
			Email: string(cmd.ACMEEmail), Roots: cmd.ACMECA.Roots,
		}), nil
	}
	return nil, nil
}
