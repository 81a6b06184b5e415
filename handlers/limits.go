package handlers

import (
	"strconv"
	"time"

	"plaza/handlers/limit"
	"plaza/store"
)

// limits are the rate limits of the site; newLimits has the numbers. With --limits off all are nil.
type limits struct {
	registering *limit.Limiter // by address
	signingIn   *limit.Limiter // by address
	posting     *limit.Limiter // by account
	reacting    *limit.Limiter // by account
	previewing  *limit.Limiter // by account
	drafting    *limit.Limiter // by account: drafts that are saved
	uploading   *limit.Limiter // by account
	changing    *limit.Limiter // by account: settings, names and pictures
	reading     *limit.Limiter // by account: what is marked as read
	relating    *limit.Limiter // by account
	connecting  *limit.Limiter // by account
	mailing     *limit.Limiter // by account
	confirming  *limit.Limiter // by mailbox: mails that ask to confirm an email
	notifying   *limit.Limiter // by mailbox: mails about an account's security
	forgetting  *limit.Limiter // by address: requests for a link that sets a new password
	resetting   *limit.Limiter // by account: the mails with such a link
	recovering  *limit.Limiter // by mailbox: the same
	exporting   *limit.Limiter // by account
	searching   *limit.Limiter // by account, or by address
	failures    *limit.Failures
	guessing    *limit.Parallel // by account: passwords and codes that are verified at once

	challenging   *limit.Limiter // by address: challenges for passkeys that sign in
	guessingCodes *limit.Limiter // by account: codes of authenticator apps, from browsers that it does not know
}

// newLimits makes the limits that protect accounts hold for all servers of the site together, so
// that a guesser gains nothing by asking each server. The other limits protect one server. Each
// server counts for itself there, and needs no database.
func newLimits(s *store.Store) limits {
	buckets, counts := limit.MemoryBuckets, limit.MemoryFailures()
	if shared, ok := s.SharedLimits(); ok {
		buckets, counts = func() limit.Buckets { return shared }, shared
	}
	protectAccounts := func(name string, burst int, every time.Duration) *limit.Limiter {
		return limit.New(store.Limit{Name: name, Burst: burst, Every: every}, buckets())
	}
	protectServer := func(name string, burst int, every time.Duration) *limit.Limiter {
		return limit.New(store.Limit{Name: name, Burst: burst, Every: every}, limit.MemoryBuckets())
	}
	return limits{
		registering: protectAccounts("registering", 10, 5*time.Minute),
		signingIn:   protectAccounts("signing in", 20, 3*time.Second),
		posting:     protectServer("posting", 40, 700*time.Millisecond),
		reacting:    protectServer("reacting", 60, 500*time.Millisecond),
		previewing:  protectServer("previewing", 30, time.Second),
		drafting:    protectServer("drafting", 60, time.Second),
		uploading:   protectServer("uploading", 10, time.Minute),
		changing:    protectServer("changing", 20, 10*time.Second),
		reading:     protectServer("reading", 120, 250*time.Millisecond),
		relating:    protectServer("relating", 60, 2*time.Second),
		connecting:  protectServer("connecting", 60, time.Second),
		mailing:     protectAccounts("mailing", 5, 10*time.Minute),
		confirming:  protectAccounts("confirming", 3, 6*time.Hour),
		notifying:   protectAccounts("notifying", 3, 6*time.Hour),
		forgetting:  protectAccounts("forgetting", 5, 2*time.Minute),
		resetting:   protectAccounts("resetting", 3, 20*time.Minute),
		recovering:  protectAccounts("recovering", 5, time.Hour),
		exporting:   protectServer("exporting", 3, 20*time.Minute),
		searching:   protectServer("searching", 60, 500*time.Millisecond),
		failures:    limit.NewFailures(counts),
		guessing:    limit.NewParallel(4),

		challenging: protectServer("challenging", 30, 2*time.Second),
		// A stranger who knows the password needs months for an even chance.
		guessingCodes: protectAccounts("guessing codes", 20, time.Minute),
	}
}

func accountKey(viewer *store.Session) string { return userKey(viewer.User.ID) }

func userKey(id int64) string { return strconv.FormatInt(id, 10) }
