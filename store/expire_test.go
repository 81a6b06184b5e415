package store_test

import (
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustExpire deletes expired rows.
func mustExpire(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// All expired rows are deleted, even if many expired at the same time, and no others.
func TestExpireManyRows(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	execute(t, address, `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
		INSERT INTO site_events (token_hash, user_id, at) SELECT $1, 0, CASE WHEN i > 2000 THEN 3000 ELSE i END
			FROM n`, []byte{})
	execute(t, address, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, 0, 9000000000000)`, []byte{})
	expired, err := s.Expire(t.Context())
	if err != nil || expired["site_events"] != 4000 {
		t.Errorf("%d have expired: %v", expired["site_events"], err)
	}
	var left int
	if query(t, address, `SELECT count(*) FROM site_events`, &left); left != 1 {
		t.Errorf("%d are left", left)
	}
}

// A table that fails does not keep others from being cleaned.
func TestExpireGoesOn(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	execute(t, address, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, 0, 1)`, []byte{})
	execute(t, address, `DROP TABLE browsers`)
	if expired, err := s.Expire(t.Context()); err == nil || expired["site_events"] != 1 {
		t.Errorf("%d have expired: %v", expired["site_events"], err)
	}
}
