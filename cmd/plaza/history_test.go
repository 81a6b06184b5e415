package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/database"
	"plaza/store/storetest"
	"plaza/views/markdown"
)

// said is a message of the past.
type said struct {
	at     time.Time
	author string
	source string
}

// openAfter starts a site on which all this was said before.
func openAfter(t testing.TB, history []said, flags ...string) *site {
	t.Helper()
	s := &site{t: t, database: filepath.Join(t.TempDir(), "plaza.db"), url: "http://" + freeAddress(t)}
	if err := s.remember(history); err != nil {
		t.Fatalf("write the history: %v", err)
	}
	s.start(flags...)
	t.Cleanup(s.kill)
	return s
}

// enter signs in, without a browser, as somebody who has an account.
func (s *site) enter(username string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: patience}
	answer, err := client.PostForm(s.url+"/login", url.Values{"login": {username}, "password": {storetest.Password}})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("sign in as %s: %s, %v", username, answer.Status, err)
	}
	return client
}

// displayNames are of those people of the past who have one.
var displayNames = map[string]string{
	"ada": "Ada Lovelace", "layla": "ليلى الفاسي", "mei": "王小梅", "zoe": "Zoë 🌻",
	"the_one_with_the_longest_name_32": "Maximiliane-Theodora von und zu Hohenstaufen-Wolkenkuckucksheim",
}

// remember writes a history into the site's database, which nobody serves yet.
func (s *site) remember(history []said) (err error) {
	ctx := s.t.Context()
	archive, err := store.Open(ctx, s.database, store.Serve)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()

	people := map[string]store.User{}
	known := map[string]string{}
	for _, message := range history {
		if name := message.author; known[name] == "" {
			people[name], known[name] = storetest.MustUser(s.t, archive, name), name
		}
	}
	for i, message := range history {
		m := storetest.New(people[message.author], message.source)
		rendered := markdown.Render(message.source, known)
		m.Nonce = fmt.Sprintf("past-%d", i)
		m.Rendered = store.Rendered{HTML: rendered.HTML, Text: rendered.Text, Mentions: rendered.Mentions, Renderer: markdown.Renderer}
		if _, err := archive.Post(ctx, m); err != nil {
			return err
		}
	}
	return archive.InTx(ctx, func(tx *database.Tx) error { return moveToThePast(ctx, tx, history) })
}

// moveToThePast gives messages that were posted just now the times at which they were
// said, and groups them by those, as the store groups what is posted.
func moveToThePast(ctx context.Context, tx *database.Tx, history []said) error {
	for i, message := range history {
		if _, err := tx.ExecContext(ctx, `UPDATE messages SET posted_at = $1 WHERE seq = $2`, message.at.UnixMilli(), i+1); err != nil {
			return err
		}
	}
	for username, name := range displayNames {
		if _, err := tx.ExecContext(ctx, `UPDATE users SET display_name = $1 WHERE username = $2`, name, username); err != nil {
			return err
		}
	}
	const day = 24 * time.Hour
	_, err := tx.ExecContext(ctx, `UPDATE messages SET continues = EXISTS (
		SELECT 1 FROM messages before WHERE before.seq = messages.seq - 1 AND before.author_id = messages.author_id
			AND messages.posted_at - before.posted_at <= $1 AND messages.posted_at / $2 = before.posted_at / $2)`,
		store.GroupWindow.Milliseconds(), day.Milliseconds())
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE rooms SET last_posted_at = $1`, history[len(history)-1].at.UnixMilli())
	}
	return err
}

// yesterday returns a time of yesterday, in UTC.
func yesterday(hour, minute int) time.Time {
	return time.Now().UTC().Truncate(24 * time.Hour).Add(time.Duration(hour-24)*time.Hour + time.Duration(minute)*time.Minute)
}

// numbered is a long history of one short message a minute, by two people in turns.
func numbered(count int) []said {
	history := make([]said, count)
	for i := range history {
		author := []string{"ada", "bob"}[i/3%2]
		history[i] = said{yesterday(12, i), author, fmt.Sprintf("message %d", i+1)}
	}
	return history
}
