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

// The shortest and the longest password, in Unicode code points. The upper bound keeps
// what is hashed small.
const (
	MinPasswordLength = 8
	MaxPasswordLength = 128
)

// argon2id's second set of parameters in the OWASP Password Storage Cheat Sheet: 19 MiB.
var hashParameters = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// CheapHashes makes the password hashes of a store cost next to nothing. They protect nobody: it is
// for tests, which make many accounts.
func CheapHashes(s *Store) { s.hashes.Memory, s.hashes.Iterations = 8, 1 }

// concurrentHashes bounds the memory that hashing may take: 19 MiB each.
func concurrentHashes() int { return min(4, runtime.GOMAXPROCS(0)) }

// The 1,000 commonest passwords of at least eight characters, of the list in zxcvbn 4.4.2
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

// checkPassword returns what is wrong with a new password; "" where nothing is.
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

// hashPassword waits for a free place, then hashes.
func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	if err := s.startHashing(ctx); err != nil {
		return "", err
	}
	defer s.stopHashing()
	return argon2id.CreateHash(password, &s.hashes)
}

// passwordMatches waits for a free place, then compares in constant time. An empty hash
// matches nothing, and takes as long as any other.
func (s *Store) passwordMatches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPasswordLength {
		password = "" // no account has it; hashed all the same, for equal time
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

func (s *Store) startHashing(ctx context.Context) error {
	select {
	case s.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (s *Store) stopHashing() { <-s.hashing }
