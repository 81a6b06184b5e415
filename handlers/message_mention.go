package handlers

import (
	"context"
	"maps"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"plaza/store"
	"plaza/views/markdown"
)

// nameKept is how long a name that was found is believed without asking again.
const nameKept = time.Minute

// mentions finds the accounts that messages mention. It remembers those it found, so that a post
// that mentions somebody asks the database no more than any other.
type mentions struct {
	store *store.Store
	found *lru.Cache[string, foundName] // by the name as it was written
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

// usernames returns those of the names that belong to accounts, each under the name as given.
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
		m.found.Add(name, foundName{username, at.Add(nameKept)})
	}
	maps.Copy(known, asked)
	return known, err
}

// forget has all names asked for again: some of them changed.
func (m *mentions) forget() { m.found.Purge() }

// markdown renders a message's source, with the names of existing accounts as links.
func (s *Server) markdown(ctx context.Context, source string) (store.Rendered, error) {
	known, err := s.mentions.usernames(ctx, markdown.Mentions(source))
	if err != nil {
		return store.Rendered{}, err
	}
	message := markdown.Render(source, known)
	return store.Rendered{HTML: message.HTML, Text: message.Text, Mentions: message.Mentions, Renderer: markdown.Renderer}, nil
}
