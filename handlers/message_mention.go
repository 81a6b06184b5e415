package handlers

import (
	"context"
	"maps"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"plaza/store"
)

// mentionLifetime is how long a username is cached.
const mentionLifetime = time.Minute

// mentions finds the users that messages mention. It caches their names, so that most posts with a
// mention cost no query.
type mentions struct {
	store *store.Store
	found *lru.Cache[string, foundName] // by the name as the message has it
}

type foundName struct {
	username string
	until    time.Time
}

func newMentions(s *store.Store) *mentions {
	// lru.New only fails on a size that is not positive.
	found, _ := lru.New[string, foundName](10_000)
	return &mentions{s, found}
}

// usernames maps each name that belongs to a user to the username.
func (m *mentions) usernames(ctx context.Context, names []string) (map[string]string, error) {
	known := map[string]string{}
	var unknown []string
	at := time.Now()
	for _, name := range names {
		if found, ok := m.found.Get(name); ok && at.Before(found.until) {
			known[name] = found.username
		} else {
			unknown = append(unknown, name)
		}
	}
	asked, err := m.store.Usernames(ctx, unknown)
	for name, username := range asked {
		m.found.Add(name, foundName{username, at.Add(mentionLifetime)})
	}
	maps.Copy(known, asked)
	return known, err
}

// forget empties the cache, since some users changed their names.
func (m *mentions) forget() { m.found.Purge() }
