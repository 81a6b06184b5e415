package mail

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

// smtpAddress is where a server takes mail, and with which account.
type smtpAddress struct {
	encrypted      bool // from the first byte on
	host           string
	port           int
	user, password string // both "": without an account
}

// The ports where mail is submitted (RFC 6409, RFC 8314).
const (
	submissionPort          = 587
	encryptedSubmissionPort = 465
)

// CheckSMTP returns what is wrong with an address for NewSMTP, as a sentence for the person who
// gave it. The sentence repeats no part of the address: any part of a malformed one may be the
// password.
func CheckSMTP(address string) error {
	_, err := parseSMTP(address)
	return err
}

func parseSMTP(address string) (smtpAddress, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "smtp" && parsed.Scheme != "smtps" || parsed.Hostname() == "" {
		return smtpAddress{}, errors.New(
			"this is not an address such as smtp://user:password@host:587 or smtps://user:password@host")
	}
	// One of these in a password ends the host for url.Parse: it would take the start of the password
	// for the port, and drop the rest.
	if strings.Trim(parsed.Path, "/") != "" || strings.ContainsAny(address, "?#") {
		return smtpAddress{}, errors.New(
			"this is not an address such as smtp://user:password@host:587: in a password / is %2F, ? is %3F and # is %23")
	}
	a := smtpAddress{
		encrypted: parsed.Scheme == "smtps", host: parsed.Hostname(), port: submissionPort, user: parsed.User.Username(),
	}
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

// isLocal reports whether the server is on this machine. There encryption protects nothing, and
// few servers have a certificate that can be checked.
func (a smtpAddress) isLocal() bool {
	ip, err := netip.ParseAddr(a.host)
	return strings.EqualFold(a.host, "localhost") || err == nil && ip.IsLoopback()
}

// dial connects. The connection is encrypted if the address says so from the first byte on.
func (a smtpAddress) dial(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	if a.encrypted {
		return (&tls.Dialer{Config: config}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}
