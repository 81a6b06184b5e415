package store_test

import (
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Servers that start at once on a fresh database make the site once, and all of them serve it.
func TestServersOpenAtOnce(t *testing.T) {
	t.Parallel()
	address := storetest.MustDatabase(t)
	var opening sync.WaitGroup
	for range 5 {
		opening.Go(func() {
			s, err := store.Open(t.Context(), address, store.Serve)
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			if _, err := s.NewestMessages(t.Context(), store.PublicRoom, 1); err != nil {
				t.Errorf("read the room: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
	opening.Wait()
	var rooms int
	query(t, address, `SELECT count(*) FROM rooms`, &rooms)
	if rooms != 1 {
		t.Errorf("there are %d rooms", rooms)
	}
}

// An old server does not start on a newer schema.
func TestServersRefuseNewerSchemas(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	mustClose(t, address)
	execute(t, address, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
	s, err := store.Open(t.Context(), address, store.Serve)
	if err == nil {
		t.Fatal("opened", s.Close())
	}
	if said := err.Error(); !strings.Contains(said, "was made by a newer plaza") || !strings.Contains(said, "9999") ||
		!strings.HasSuffix(said, "update plaza") || strings.Contains(said, "\n") {
		t.Errorf("says %q", said)
	}
}
