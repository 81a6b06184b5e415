package store

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"golang.org/x/sys/unix"
)

const (
	// connections is how many a server holds to PostgreSQL, which by default takes a hundred.
	connections = 16
	// connectTimeout and answerTimeout bound how long people wait for a database that is away:
	// less than their browsers' patience and ours with what they sent.
	connectTimeout = 3 * time.Second
	answerTimeout  = 5 * time.Second
)

// postgresServer is a database on a PostgreSQL server, which several servers of ours share.
type postgresServer struct {
	name string // what people call it: without the password
	pool *sql.DB
}

func openPostgres(ctx context.Context, address string, _ Mode) (database, error) {
	p, err := newPostgres(address, answerTimeout)
	if err != nil {
		return nil, err
	}
	if err := p.migrate(ctx); err != nil {
		return nil, errors.Join(p.explain(err), p.close())
	}
	return p, nil
}

// newPostgres is a server that is yet to be reached. Patience is how long its end of a
// connection may take no bytes.
func newPostgres(address string, patience time.Duration) (*postgresServer, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the database's address: %w", err) // which has no password in it
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout == defaultConnectTimeout {
		config.ConnectTimeout = connectTimeout
	}
	config.DialFunc = (&net.Dialer{Timeout: config.ConnectTimeout, Control: giveUpAfter(patience)}).DialContext
	p := &postgresServer{
		name: fmt.Sprintf("PostgreSQL database %s at %s", config.Database, net.JoinHostPort(config.Host, fmt.Sprint(config.Port))),
		// What a lost connection takes is tried again: asking each first would cost a round trip.
		pool: stdlib.OpenDB(*config, stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return false })),
	}
	p.pool.SetMaxOpenConns(connections)
	p.pool.SetMaxIdleConns(connections)
	p.pool.SetConnMaxIdleTime(5 * time.Minute)
	return p, nil
}

// defaultConnectTimeout is what pgx takes where the address says nothing.
const defaultConnectTimeout = 2 * time.Minute

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

// migrate brings the schema up to date: one server at a time, where several start at once.
func (p *postgresServer) migrate(ctx context.Context) error {
	if err := p.checkOurs(ctx); err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return migrate(ctx, p.pool, p.name, goose.DialectPostgres, "postgres", goose.WithSessionLocker(locker))
}

// checkOurs is an error where the database is another program's.
func (p *postgresServer) checkOurs(ctx context.Context) error {
	var foreign bool
	err := p.pool.QueryRowContext(ctx, `
		SELECT to_regclass('goose_db_version') IS NULL
			AND EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())`).Scan(&foreign)
	if err == nil && foreign {
		err = fmt.Errorf("%s belongs to another program: name another database", p.name)
	}
	return err
}

func (p *postgresServer) one(ctx context.Context, columns []any, query string, arguments ...any) error {
	return p.retry(ctx, func(ctx context.Context) error {
		return p.pool.QueryRowContext(ctx, query, arguments...).Scan(columns...)
	})
}

func (p *postgresServer) each(ctx context.Context, read func(row scanner) error, query string, arguments ...any) error {
	return p.retry(ctx, func(ctx context.Context) error {
		rows, err := p.pool.QueryContext(ctx, query, arguments...)
		if err != nil {
			return err
		}
		begun := false
		err = eachRow(rows, func(row scanner) error {
			begun = true
			return read(row)
		})
		if err != nil && begun { // read must not be given the same rows again
			return &unrepeatable{err}
		}
		return err
	})
}

func (p *postgresServer) inTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	return p.retry(ctx, func(ctx context.Context) error { return inTx(ctx, p.pool, fn) })
}

// commit sends all statements at once. PostgreSQL takes what comes without a pause as one
// transaction. See https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING.
//
// Where the connection is lost, nobody knows whether they were carried out. They are sent again:
// a statement that must not be carried out twice breaks a unique key the second time.
func (p *postgresServer) commit(ctx context.Context, statements []*statement) error {
	return p.retry(ctx, func(ctx context.Context) error {
		connection, err := p.pool.Conn(ctx)
		if err != nil {
			return err
		}
		err = connection.Raw(func(driverConnection any) error {
			return send(ctx, driverConnection.(*stdlib.Conn).Conn(), statements)
		})
		return errors.Join(err, connection.Close())
	})
}

func send(ctx context.Context, connection *pgx.Conn, statements []*statement) error {
	batch := &pgx.Batch{}
	for _, statement := range statements {
		asked := batch.Queue(statement.query, statement.arguments...)
		if statement.read == nil {
			continue
		}
		asked.Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := statement.read(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
	return connection.SendBatch(ctx, batch).Close()
}

func (p *postgresServer) ping(ctx context.Context) error {
	var readOnly bool
	err := p.one(ctx, []any{&readOnly}, `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean`)
	if err == nil && readOnly {
		err = &Error{Kind: Unavailable, Code: CodeDatabaseUnreachable, Err: errors.New("PostgreSQL takes no writes")}
	}
	return err
}

func (p *postgresServer) close() error { return p.pool.Close() }

// retry does again what a lost connection, or the order of locks, has kept from being done. It
// tries as often as there may be lost connections in the pool. Each time is bounded.
func (p *postgresServer) retry(ctx context.Context, do func(ctx context.Context) error) error {
	for tries := 0; ; tries++ {
		bounded, cancel := context.WithTimeout(ctx, answerTimeout)
		err := do(bounded)
		late := bounded.Err() != nil && ctx.Err() == nil
		cancel()
		var final *unrepeatable
		switch {
		case err == nil:
			return nil
		case late:
			return &Error{Kind: Unavailable, Code: CodeDatabaseUnreachable, Err: err}
		case ctx.Err() != nil, tries > connections, errors.As(err, &final), !isLost(err) && !isDeadlock(err):
			return err
		}
	}
}

// isLost tells whether err means that the connection is gone, for which another one will do.
func isLost(err error) bool {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return false // it is the server that is gone
	}
	var network *net.OpError
	return pgconn.SafeToRetry(err) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgconn.ErrConnClosed) ||
		hasCode(err, "57P01", "57P02", "57P05", "08000", "08003", "08006")
}

// isDeadlock tells whether a transaction was ended for others to go on.
func isDeadlock(err error) bool { return hasCode(err, "40P01", "40001") }

// isPostgresAway tells failures of the server or the way to it, which may pass, from faults of
// ours. By code: https://www.postgresql.org/docs/current/errcodes-appendix.html.
func isPostgresAway(err error) bool {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) || isLost(err) || isDeadlock(err) {
		return true
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code[:2] {
	case "53", "58": // it lacks resources; its system fails
		return true
	}
	return hasCode(err, "25006", "55P03", "57014", "57P03")
}

func isUniqueInPostgres(err error) bool { return hasCode(err, "23505") }

func hasCode(err error, codes ...string) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}

// explain puts what PostgreSQL says when it is opened into words for the person at the
// terminal.
func (p *postgresServer) explain(err error) error {
	var connecting *pgconn.ConnectError
	var certificate *tls.CertificateVerificationError
	switch {
	case hasCode(err, "28P01"):
		return fmt.Errorf("the %s refuses this user: check the name and the password in its address", p.name)
	case hasCode(err, "28000"): // which may be for want of TLS
		return fmt.Errorf("the %s refuses this user: check the name, the password and the sslmode in its address", p.name)
	case errors.As(err, &certificate):
		return fmt.Errorf("the %s cannot be trusted: check the sslmode and the sslrootcert in its address: %w", p.name, certificate)
	case hasCode(err, "3D000"):
		return fmt.Errorf("there is no %s: make it first, with createdb", p.name)
	case hasCode(err, "42501"):
		return fmt.Errorf("the %s does not let this user make tables: make the user its owner", p.name)
	case errors.As(err, &connecting):
		return fmt.Errorf("cannot reach the %s: is it running, and is its address right?", p.name)
	}
	return err
}
