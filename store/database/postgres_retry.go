package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// ask calls do with the time limit of a statement, and again if the connection was lost.
func (p *Postgres) ask(ctx context.Context, do func(ctx context.Context) error) error {
	return p.retry(ctx, func() error {
		limited, cancel := withLimit(ctx, p.limit)
		defer cancel()
		return orLate(limited, do(limited))
	})
}

// retry calls do, and again if the connection was lost or a deadlock was resolved. It tries as often
// as there may be lost connections in the pool. It does not try again after the time limit: people
// have waited long enough.
func (p *Postgres) retry(ctx context.Context, do func() error) error {
	for tries := 0; ; tries++ {
		err := do()
		var final *unrepeatable
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil, tries > connections, errors.Is(err, errLate), errors.As(err, &final), !IsLost(err) && !isDeadlock(err):
			return err
		}
	}
}

// IsLost tells whether err means that the connection is gone, and that another one will do.
func IsLost(err error) bool {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return false // it is the server that is gone
	}
	var network *net.OpError
	return pgconn.SafeToRetry(err) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgconn.ErrConnClosed) ||
		HasCode(err, "57P01", "57P02", "57P05", "08000", "08003", "08006")
}

// isDeadlock tells whether PostgreSQL ended a transaction so that others can go on.
func isDeadlock(err error) bool { return HasCode(err, "40P01", "40001") }
