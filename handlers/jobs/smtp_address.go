package jobs

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// smtpAddress is where a server takes mail, and as whom.
type smtpAddress struct {
	encrypted      bool // from the first byte on
	host           string
	port           int
	user, password string // both "": it asks nobody
}

// The ports where mail is submitted (RFC 6409, RFC 8314).
const (
	submissionPort          = 587
	encryptedSubmissionPort = 465
)

// CheckSMTP tells what is wrong with an address for NewSMTP, to the person who gave it. It repeats
// none of it: there is a password in it, and where it is malformed, nobody knows where.
func CheckSMTP(address string) error {
	_, err := parseSMTP(address)
	return err
}

func parseSMTP(address string) (smtpAddress, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "smtp" && parsed.Scheme != "smtps" || parsed.Hostname() == "" {
		return smtpAddress{}, errors.New("this is not an address such as smtp://user:password@host:587 or smtps://user:password@host")
	}
	// What comes after one of these in a password would otherwise be dropped, and what is before it
	// be taken for the host.
	if strings.Trim(parsed.Path, "/") != "" || strings.ContainsAny(address, "?#") {
		return smtpAddress{}, errors.New("this is not an address such as smtp://user:password@host:587: in a password / is %2F, ? is %3F and # is %23")
	}
	a := smtpAddress{encrypted: parsed.Scheme == "smtps", host: parsed.Hostname(), port: submissionPort, user: parsed.User.Username()}
	a.password, _ = parsed.User.Password()
	if (a.user == "") != (a.password == "") {
		return smtpAddress{}, errors.New("a user and a password go together, such as smtp://user:password@host:587")
	}
	if a.encrypted {
		a.port = encryptedSubmissionPort
	}
	if parsed.Port() != "" {
		port, err := strconv.ParseUint(parsed.Port(), 10, 16)
		if err != nil || port == 0 {
			return smtpAddress{}, errors.New("its port is not a number from 1 to 65535")
		}
		a.port = int(port)
	}
	return a, nil
}

// isLocal tells whether the server is on this machine, which no encryption would keep anything
// from; its certificate is seldom one that can be checked.
func (a smtpAddress) isLocal() bool {
	ip, err := netip.ParseAddr(a.host)
	return strings.EqualFold(a.host, "localhost") || err == nil && ip.IsLoopback()
}

// dial connects, encrypted where the address says so from the beginning.
func (a smtpAddress) dial(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	if a.encrypted {
		return (&tls.Dialer{Config: config}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}
