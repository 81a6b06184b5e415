package e2etest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/database"
	"plaza/store/storetest"
	"plaza/views/markdown"
)

// Message is a message that a test puts into the database, with a time in the past.
type Message struct {
	At     time.Time
	Author string
	Source string
}

// Said returns a message that author wrote at a time in the past.
func Said(at time.Time, author, source string) Message { return Message{at, author, source} }

// Yesterday returns a time on the day before, in UTC.
func Yesterday(hour, minute int) time.Time {
	return time.Now().UTC().Truncate(24 * time.Hour).Add(time.Duration(hour-24)*time.Hour + time.Duration(minute)*time.Minute)
}

// Numbered returns a history of count short messages, one a minute. ada and bob take turns after three.
func Numbered(count int) []Message {
	history := make([]Message, count)
	for i := range history {
		author := []string{"ada", "bob"}[i/3%2]
		history[i] = Said(Yesterday(12, i), author, fmt.Sprintf("message %d", i+1))
	}
	return history
}

// Shapes are sources of messages with different heights.
var Shapes = []string{
	"one line", "one more of the same group", "```go\nvar one = 1\nvar two = 2\n```", "> a quotation\n\nand an answer",
	strings.Repeat("A long paragraph that fills several lines. ", 20), "- a\n- list\n  - inside",
	"# A title\n\n| a | b |\n|---|---|\n| 1 | 2 |", ":tada:",
}

// OpenAfter starts a site with a history.
func OpenAfter(t testing.TB, history []Message, flags ...string) *Site {
	t.Helper()
	s := New(t)
	s.MustRemember(history)
	s.Start(flags...)
	return s
}

// displayNames are the display names of authors of a history.
var displayNames = map[string]string{
	"ada": "Ada Lovelace", "layla": "ليلى الفاسي", "mei": "王小梅", "zoe": "Zoë 🌻",
	"the_one_with_the_longest_name_32": "Maximiliane-Theodora von und zu Hohenstaufen-Wolkenkuckucksheim",
}

// MustRemember writes a history into the site's database. Call it before the site starts.
func (s *Site) MustRemember(history []Message) {
	s.T.Helper()
	if err := s.remember(history); err != nil {
		s.T.Fatalf("write the history: %v", err)
	}
}

func (s *Site) remember(history []Message) (err error) {
	ctx := s.T.Context()
	archive, err := store.Open(ctx, s.Database, store.Serve)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()

	people := map[string]store.User{}
	known := map[string]string{}
	for _, message := range history {
		if name := message.Author; known[name] == "" {
			people[name], known[name] = storetest.MustUser(s.T, archive, name), name
		}
	}
	for i, message := range history {
		m := storetest.New(people[message.Author], message.Source)
		rendered := markdown.Render(message.Source, known)
		m.Nonce = fmt.Sprintf("past-%d", i)
		m.Rendered = store.Rendered{HTML: rendered.HTML, Text: rendered.Text, Mentions: rendered.Mentions, Renderer: markdown.Renderer}
		if _, err := archive.Post(ctx, m); err != nil {
			return err
		}
	}
	return archive.InTx(ctx, func(tx *database.Tx) error { return moveToThePast(ctx, tx, history) })
}

const day = 24 * time.Hour

// moveToThePast gives new messages the times of a history, which everybody has read. It groups them by these times, as the store
// groups posts.
func moveToThePast(ctx context.Context, tx *database.Tx, history []Message) error {
	var first Message // of the group
	size := 0
	for i, message := range history {
		continues := message.Author == first.Author && size < store.MaxGroup && message.At.Sub(first.At) <= store.GroupWindow &&
			message.At.Truncate(day).Equal(first.At.Truncate(day))
		if !continues {
			first, size = message, 0
		}
		size++
		if _, err := tx.ExecContext(ctx, `UPDATE messages SET posted_at = $1, continues = $2 WHERE seq = $3`,
			message.At.UnixMilli(), continues, i+1); err != nil {
			return err
		}
	}
	for username, name := range displayNames {
		if _, err := tx.ExecContext(ctx, `UPDATE users SET display_name = $1 WHERE username = $2`, name, username); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE users SET public_read_to = $1`, len(history)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE rooms SET last_posted_at = $1, group_at = $2, group_size = $3`,
		history[len(history)-1].At.UnixMilli(), first.At.UnixMilli(), size)
	return err
}
