package database

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sys/unix"
)

const (
	// connections is how many a server holds to PostgreSQL, which by default takes a hundred.
	connections = 16
	// connectTimeout and answerTimeout bound how long people wait for a database that is away:
	// less than their browsers' patience and ours with what they sent.
	connectTimeout = 3 * time.Second
	answerTimeout  = 5 * time.Second
	// defaultConnectTimeout is what pgx takes if the address has none.
	defaultConnectTimeout = 2 * time.Minute
)

// NewPostgres returns a database that is yet to be reached. Patience is how long its end of a
// connection may take no bytes.
func NewPostgres(address string, patience time.Duration) (*Postgres, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the database's address: %w", err) // which has no password in it
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout == defaultConnectTimeout {
		config.ConnectTimeout = connectTimeout
	}
	config.DialFunc = (&net.Dialer{Timeout: config.ConnectTimeout, Control: giveUpAfter(patience)}).DialContext
	p := &Postgres{
		name: fmt.Sprintf("PostgreSQL database %s at %s", config.Database, net.JoinHostPort(config.Host, fmt.Sprint(config.Port))),
		// What a lost connection takes is tried again: asking each first would cost a round trip.
		pool: stdlib.OpenDB(*config, stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return false })),
	}
	p.pool.SetMaxOpenConns(connections)
	p.pool.SetMaxIdleConns(connections)
	p.pool.SetConnMaxIdleTime(5 * time.Minute)
	return p, nil
}

// giveUpAfter has the kernel end a connection whose other end takes no bytes for so long: a
// machine that was cut off says nothing.
func giveUpAfter(patience time.Duration) func(network, address string, raw syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		var err error
		controlErr := raw.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(patience.Milliseconds()))
		})
		if errors.Is(err, unix.ENOPROTOOPT) || errors.Is(err, unix.EOPNOTSUPP) { // a Unix socket
			err = nil
		}
		return errors.Join(controlErr, err)
	}
}
