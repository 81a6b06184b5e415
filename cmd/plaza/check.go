package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"plaza/handlers/jobs/mail"
	"plaza/store"
)

type checkCommand struct {
	DB       databaseAddress `name:"db" default:"plaza.db" placeholder:"FILE" help:"The SQLite file, or a postgres:// address (${default})."`
	Domain   domains         `placeholder:"NAME,…" help:"The names of the site (default: none)."`
	SMTP     mailServer      `name:"smtp" placeholder:"URL" help:"The server that takes the site's mail (default: none)."`
	MailFrom sender          `placeholder:"ADDRESS" help:"The sender of the site's mail (default: none)."`
}

// checkTimeout is how long one check may take.
const checkTimeout = 10 * time.Second

// report is what a check has found.
type report struct {
	out      io.Writer
	problems int
}

func (r *report) fine(format string, of ...any) { fmt.Fprintf(r.out, "ok: "+format+"\n", of...) }

func (r *report) wrong(format string, of ...any) {
	r.problems++
	fmt.Fprintf(r.out, "problem: "+format+"\n", of...)
}

// note says what may be as it should be.
func (r *report) note(format string, of ...any) { fmt.Fprintf(r.out, "note: "+format+"\n", of...) }

// Run checks what a site by its name needs, and prints a line for each part. It fails if there is a problem.
func (cmd *checkCommand) Run(ctx context.Context, t terminal) error {
	r := &report{out: t.out}
	found := map[string]store.Certificate{}
	if cmd.DB.isMissing() {
		r.wrong("there is no database %s yet. plaza serve makes it.", cmd.DB.place())
	} else if err := cmd.read(ctx, found); err != nil {
		r.wrong("the database %s cannot be read: %s", cmd.DB.place(), describe(err))
	} else {
		r.fine("the database is %s", cmd.DB.place())
	}
	for _, name := range cmd.Domain {
		if checkName(ctx, r, name) {
			for _, port := range []string{"80", "443"} {
				checkPort(ctx, r, name, port)
			}
		}
		checkCertificate(r, name, found[name])
	}
	cmd.checkMail(ctx, r)
	cmd.checkDisk(r)
	if r.problems > 0 {
		return fmt.Errorf("%s found", count(int64(r.problems), "problem"))
	}
	return nil
}

// read reads the certificates of the site.
func (cmd *checkCommand) read(ctx context.Context, into map[string]store.Certificate) error {
	database, err := store.Open(ctx, string(cmd.DB), store.Admin)
	if err != nil {
		return err
	}
	certificates, err := database.Certificates(ctx)
	for name, certificate := range certificates {
		into[name] = certificate
	}
	return errors.Join(err, database.Close())
}

// checkName finds out where the DNS record of a name leads: false if it leads nowhere. Behind a router that is another
// address than this machine's, so it only says so.
func checkName(ctx context.Context, r *report, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil || len(addresses) == 0 {
		r.wrong("DNS has no address for %s. Make a record (A or AAAA) that has the public address of this machine.", name)
		return false
	}
	own, err := net.InterfaceAddrs()
	isOwn := func(address string) bool {
		return slices.ContainsFunc(own, func(each net.Addr) bool {
			prefix, ok := each.(*net.IPNet)
			return ok && prefix.IP.Equal(net.ParseIP(address))
		})
	}
	if err == nil && !slices.ContainsFunc(addresses, isOwn) {
		r.note("%s leads to %s, which is no address of this machine. That is right if a router or a balancer is in between.", name, addresses[0])
		return true
	}
	r.fine("%s leads to this machine", name)
	return true
}

// checkPort connects to a port as a browser does.
func checkPort(ctx context.Context, r *report, name, port string) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(name, port))
	if err != nil {
		r.wrong("nothing answers at %s on port %s. Start plaza serve --domain, and have the firewall open the port.", name, port)
		return
	}
	_ = conn.Close()
	r.fine("something answers at %s on port %s", name, port)
}

// checkCertificate says whether the site has a certificate for a name, and what the authority said last.
func checkCertificate(r *report, name string, certificate store.Certificate) {
	if certificate.Problem != "" {
		r.wrong("%s The next attempt is at %s.", certificate.Problem, certificate.NextAt.UTC().Format(time.RFC3339))
	}
	if certificate.PEM == "" {
		if certificate.Problem == "" {
			r.note("%s has no certificate of an authority yet", name)
		}
		return
	}
	pair, err := tls.X509KeyPair([]byte(certificate.PEM), []byte(certificate.PEM))
	switch {
	case err != nil:
		r.wrong("the certificate of %s in the database cannot be read", name)
	case time.Now().After(pair.Leaf.NotAfter), time.Now().Before(pair.Leaf.NotBefore):
		r.wrong("the certificate of %s is valid from %s to %s, and not now by the clock of this machine", name,
			pair.Leaf.NotBefore.Format(time.RFC3339), pair.Leaf.NotAfter.Format(time.RFC3339))
	default:
		r.fine("the certificate of %s is valid until %s", name, pair.Leaf.NotAfter.Format(time.RFC3339))
	}
}

// checkMail signs in to the mail server.
func (cmd *checkCommand) checkMail(ctx context.Context, r *report) {
	if cmd.SMTP == "" {
		r.note("without --smtp the site sends no mail: nobody can reset a forgotten password")
		return
	}
	server, err := mail.NewSMTP(string(cmd.SMTP), string(cmd.MailFrom))
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, checkTimeout)
		defer cancel()
		err = server.Check(limited)
	}
	if err != nil {
		r.wrong("the mail server cannot be used: %v", err)
		return
	}
	r.fine("the mail server takes mail")
}

// leastSpace is how much of a disk should be free.
const leastSpace = 1 << 30 // bytes

// checkDisk finds out how much space is left for the database.
func (cmd *checkCommand) checkDisk(r *report) {
	if store.IsPostgres(string(cmd.DB)) {
		return
	}
	var disk unix.Statfs_t
	folder := filepath.Dir(cmd.DB.place())
	if err := unix.Statfs(folder, &disk); err != nil {
		r.wrong("the disk of %s cannot be read: %v", folder, err)
		return
	}
	free := disk.Bavail * uint64(disk.Bsize) //nolint:gosec // a size
	if free < leastSpace {
		r.wrong("the disk of %s has only %d MB left", folder, free>>20)
		return
	}
	r.fine("the disk of %s has %d GB left", folder, free>>30)
}
