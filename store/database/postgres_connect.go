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
	// less than their browsers' patience and ours with what they sent. The latter is of each
	// statement.
	connectTimeout = 3 * time.Second
	answerTimeout  = 5 * time.Second
	// defaultConnectTimeout is what pgx takes if the address has none.
	defaultConnectTimeout = 2 * time.Minute
	// statementTimeout is PostgreSQL's setting, which an address may have too.
	statementTimeout = "statement_timeout"
)

// NewPostgres returns a database without connecting to it. Patience is how long its end of a
// connection may take no bytes. Statements have no time limit: it is for work that takes long.
func NewPostgres(address string, patience time.Duration) (*Postgres, error) {
	return newPostgres(address, patience, 0)
}

// newPostgres returns one whose statements have a time limit; 0 is none.
func newPostgres(address string, patience, limit time.Duration) (*Postgres, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the database's address: %w", err) // which has no password in it
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout == defaultConnectTimeout {
		config.ConnectTimeout = connectTimeout
	}
	config.DialFunc = (&net.Dialer{Timeout: config.ConnectTimeout, Control: giveUpAfter(patience)}).DialContext
	// No ping before each use: it costs a round trip, and retry finds lost connections anyway.
	options := []stdlib.OptionOpenDB{stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return false })}
	if config.RuntimeParams[statementTimeout] == "" && limit > 0 {
		options = append(options, stdlib.OptionAfterConnect(giveUpSooner(limit)))
	}
	p := &Postgres{
		limit: limit,
		name:  fmt.Sprintf("PostgreSQL database %s at %s", config.Database, net.JoinHostPort(config.Host, fmt.Sprint(config.Port))),
		pool:  stdlib.OpenDB(*config, options...),
	}
	p.pool.SetMaxOpenConns(connections)
	p.pool.SetMaxIdleConns(connections)
	p.pool.SetConnMaxIdleTime(5 * time.Minute)
	return p, nil
}

// giveUpSooner has the server end a statement a little sooner than we do, so that its locks are free,
// and the connection can be used again. It is no parameter of the connection, which poolers refuse.
func giveUpSooner(limit time.Duration) func(ctx context.Context, connection *pgx.Conn) error {
	set := fmt.Sprintf(`SET %s = %d`, statementTimeout, (limit * 9 / 10).Milliseconds())
	return func(ctx context.Context, connection *pgx.Conn) error {
		ctx, cancel := context.WithTimeout(ctx, limit) // the pool opens some connections without one
		defer cancel()
		if _, err := connection.Exec(ctx, set); err != nil {
			return errors.Join(err, connection.Close(ctx))
		}
		return nil
	}
}

// giveUpAfter has the kernel close a connection whose other end takes no bytes for that long. A machine
// that was cut off does not say so.
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
