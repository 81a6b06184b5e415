package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"plaza/handlers/jobs/mail"
	"plaza/handlers/live/nats"
	"plaza/store"
)

// Each of these types answers a bad value with what is allowed. The parser adds the flag's name.

// listenAddress is where to listen: host:port, or :port for all addresses.
type listenAddress string

func (a *listenAddress) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address such as :8080 or 127.0.0.1:8080", text)
	}
	*a = listenAddress(text)
	return nil
}

// databaseAddress is the path of an SQLite file, or the postgres:// address of a database.
type databaseAddress string

func (d *databaseAddress) UnmarshalText(text []byte) error {
	value := string(text)
	switch {
	// The error does not repeat an address: it may contain a password.
	case store.IsPostgres(value):
		if !isPlain(value) {
			return errors.New("this is not an address such as postgres://user:password@host/plaza: " +
				"in a password / is %2F, ? is %3F and # is %23")
		}
	case hasPassword.MatchString(value):
		return errors.New("this is neither the path of a file such as plaza.db nor a postgres:// address")
	case value == "" || strings.Contains(value, "://") || strings.HasPrefix(value, ":memory:"):
		return fmt.Errorf("%q is neither the path of a file such as plaza.db nor a postgres:// address", text)
	}
	*d = databaseAddress(value)
	return nil
}

// hasPassword matches an address that would pass for the path of a file: one without its postgres://,
// or one in PostgreSQL's other form, host=… password=….
var hasPassword = regexp.MustCompile(`^[^/]*:[^/]*@|\bpassword\s*=`)

// isPlain tells whether all parsers of a PostgreSQL address agree where its password ends.
func isPlain(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" && parsed.RawQuery == "" ||
		strings.Contains(parsed.Path, "@") || strings.Contains(address, "#") {
		return false
	}
	query, err := url.ParseQuery(parsed.RawQuery)
	for name := range query {
		if strings.ContainsAny(name, "@/") {
			return false
		}
	}
	return err == nil
}

// String returns the address for people, without its password.
func (d databaseAddress) String() string {
	parsed, err := url.Parse(string(d))
	if err != nil || !store.IsPostgres(string(d)) {
		return string(d)
	}
	if query := parsed.Query(); query.Has("password") || query.Has("sslpassword") {
		for _, name := range []string{"password", "sslpassword"} {
			if query.Has(name) {
				query.Set(name, "xxxxx")
			}
		}
		parsed.RawQuery = query.Encode()
	}
	return parsed.Redacted()
}

// isMissing tells whether the file does not exist yet.
func (d databaseAddress) isMissing() bool {
	_, err := os.Stat(string(d))
	return errors.Is(err, fs.ErrNotExist) && !store.IsPostgres(string(d))
}

// place returns the address for people, and the path of a file in full.
func (d databaseAddress) place() string {
	if full, err := filepath.Abs(string(d)); err == nil && !store.IsPostgres(string(d)) {
		return full
	}
	return d.String()
}

// busAddress is the address of a NATS server, or of several, separated by commas.
type busAddress string

func (b *busAddress) UnmarshalText(text []byte) error {
	*b = busAddress(text)
	return nats.Check(string(text))
}

// mailServer is the address of the server that takes the site's mail.
type mailServer string

func (m *mailServer) UnmarshalText(text []byte) error {
	*m = mailServer(text)
	return mail.CheckSMTP(string(text))
}

// issuer is the address of a provider of sign-ins.
type issuer string

func (i *issuer) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || parsed.Scheme != "https" && !isLoopback(parsed.Hostname()) || parsed.Host == "" {
		return fmt.Errorf("%q is not an address such as https://id.example.org", text)
	}
	*i = issuer(text)
	return nil
}

// isLoopback tells whether a host is this machine, to which no connection needs to be encrypted.
func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// sender is the address that the site's mail comes from.
type sender string

func (s *sender) UnmarshalText(text []byte) error {
	address, err := netmail.ParseAddress(string(text))
	if err != nil || address.Address != string(text) {
		return fmt.Errorf("%q is not an address such as plaza@example.org", text)
	}
	*s = sender(text)
	return nil
}

// proxies lists the addresses of trusted proxies. A single address is a prefix of full length.
type proxies []netip.Prefix

func (p *proxies) UnmarshalText(text []byte) error {
	for value := range strings.SplitSeq(string(text), ",") {
		value = strings.TrimSpace(value)
		prefix, err := netip.ParsePrefix(value)
		if address, addressErr := netip.ParseAddr(value); addressErr == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return fmt.Errorf("%q is not a list of addresses or prefixes such as 127.0.0.1,10.0.0.0/8", text)
		}
		*p = append(*p, prefix)
	}
	return nil
}

// logLevel is the lowest level that the site logs.
type logLevel slog.Level

func (l *logLevel) UnmarshalText(text []byte) error {
	if err := (*slog.Level)(l).UnmarshalText(text); err != nil {
		return fmt.Errorf("%q is not one of debug, info, warn and error", text)
	}
	return nil
}

// registration is who may create an account.
type registration store.Registration

func (r *registration) UnmarshalText(text []byte) error {
	if !slices.Contains(store.Registrations(), store.Registration(text)) {
		return fmt.Errorf("%q is not one of open, invite and closed", text)
	}
	*r = registration(text)
	return nil
}
