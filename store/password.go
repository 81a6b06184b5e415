package store

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// The minimum and maximum length of a password, in Unicode code points. The maximum bounds the work
// of hashing.
const (
	MinPasswordLength = 8
	MaxPasswordLength = 128
)

// These are argon2id's second set of parameters in the OWASP Password Storage Cheat Sheet. A hash
// takes 19 MiB.
var hashParameters = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// CheapHashes makes password hashes cheap to compute. They protect no password: use it only in
// tests, which make many accounts.
func CheapHashes(s *Store) { s.hashes.Memory, s.hashes.Iterations = 8, 1 }

// concurrentHashes returns how many hashes may run at once. Each takes 19 MiB.
func concurrentHashes() int { return min(4, runtime.GOMAXPROCS(0)) }

// The 1,000 most common passwords of at least eight characters, from the list in zxcvbn 4.4.2
// (MIT), which comes from Mark Burnett's ten million passwords.
//
//go:embed common_passwords.txt
var commonPasswordList string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	common := map[string]bool{}
	for password := range strings.Lines(commonPasswordList) {
		common[strings.TrimSpace(password)] = true
	}
	return common
})

// checkPassword returns what is wrong with a new password, or the empty string.
func checkPassword(password, username string) Code {
	length := utf8.RuneCountInString(password)
	switch {
	case length < MinPasswordLength:
		return CodePasswordShort
	case length > MaxPasswordLength:
		return CodePasswordLong
	case strings.EqualFold(password, username):
		return CodePasswordIsUsername
	case commonPasswords()[strings.ToLower(password)]:
		return CodePasswordCommon
	}
	return ""
}

// hashPassword waits until it may hash, and hashes a password.
func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	if err := s.startHashing(ctx); err != nil {
		return "", err
	}
	defer s.stopHashing()
	return argon2id.CreateHash(password, &s.hashes)
}

// passwordMatches waits until it may hash, and compares in constant time. An empty hash matches no
// password, and takes as long as any other.
func (s *Store) passwordMatches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPasswordLength {
		password = "" // no account has it; hashed anyway, so that the time is equal
	}
	known := hash != ""
	if !known {
		var err error
		if hash, err = s.dummyHash(); err != nil {
			return false, err
		}
	}
	if err := s.startHashing(ctx); err != nil {
		return false, err
	}
	defer s.stopHashing()
	matches, err := argon2id.ComparePasswordAndHash(password, hash)
	return matches && known, err
}

// waitingHashes is how many passwords may wait for each hash that may run at once. The last of them
// waits about a second on a slow machine.
const waitingHashes = 8

// ErrTooManySignIns is the error if too many passwords wait to be verified.
var ErrTooManySignIns = &Error{Kind: Unavailable, Code: CodeTooManySignIns}

// startHashing waits until it may hash. It returns ErrTooManySignIns at once if too many others wait.
func (s *Store) startHashing(ctx context.Context) error {
	select {
	case s.hashing <- struct{}{}:
		return nil
	default:
	}
	defer s.unhashed.Add(-1)
	if s.unhashed.Add(1) > int64(waitingHashes*cap(s.hashing)) {
		return ErrTooManySignIns
	}
	select {
	case s.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (s *Store) stopHashing() { <-s.hashing }
