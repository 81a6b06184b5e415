package store_test

import (
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Transactions that lock users lock rooms first, as posts do. Otherwise they could wait for each
// other.
func TestServersLockRoomsFirst(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	mustWrite(t, s, ada, mustRoom(t, s, ada, bob).ID, "for bob")
	beside := storetest.Beside(t, address)
	for _, test := range []struct {
		name string
		do   func() error
	}{
		{"privacy", func() error {
			_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: store.Anyone})
			return err
		}},
		{"block", func() error { return s.Block(t.Context(), bob, ada) }},
		{"deletion", func() error { _, err := s.DeleteAccount(t.Context(), bob, false); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			tx, err := beside.BeginTx(t.Context(), nil)
			mustDo(t, err)
			_, err = tx.ExecContext(t.Context(), `UPDATE rooms SET state = state WHERE kind = 'pair'`)
			mustDo(t, err)
			done := make(chan error, 1)
			go func() { done <- test.do() }()
			if !awaitLocks(t, beside, 1) {
				t.Fatal("it does not wait")
			}
			for _, table := range []string{"users", "notifications", "friends", "members"} {
				if _, err := tx.ExecContext(t.Context(), `SELECT 1 FROM `+table+` FOR UPDATE NOWAIT`); err != nil {
					t.Fatalf("it holds a lock of %s while it waits for the room: %v", table, err)
				}
			}
			mustDo(t, tx.Rollback(), <-done)
		})
	}
}

// A transaction that changes an account locks its row before that of the waiting email.
func TestServersLockAccountsBeforeEmails(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	token := s.ask("ada@example.net")
	beside := storetest.Beside(t, s.address)
	tx, err := beside.BeginTx(t.Context(), nil)
	mustDo(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE users SET theme = theme`)
	mustDo(t, err)
	done := make(chan error, 1)
	go func() { done <- s.confirm(token) }()
	if !awaitLocks(t, beside, 1) {
		t.Fatal("it does not wait")
	}
	if _, err := tx.ExecContext(t.Context(), `SELECT 1 FROM email_changes FOR UPDATE NOWAIT`); err != nil {
		t.Errorf("it holds a lock of the email while it waits for the account: %v", err)
	}
	mustDo(t, tx.Rollback(), <-done)
}
