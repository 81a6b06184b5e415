package handlers_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/picture/picturetest"
)

// unzipped returns the files in a zip.
func unzipped(t *testing.T, content []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range archive.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatalf("%s: %v", entry.Name, err)
		}
		files[entry.Name] = string(text)
	}
	return files
}

func decoded[T any](t *testing.T, text string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// exported holds the fields of a message that programs rely on.
type exported struct {
	Room, Source string
	PostedAt     time.Time `json:"posted_at"`
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := open(t)
	const path = "/settings/export"
	s.browse().get(path).expect(http.StatusSeeOther).expectHeader("Location", "/login?next="+url.QueryEscape(path))
	bob, ada, eve, gone := s.member("bob"), s.member("ada"), s.member("eve"), s.member("gone")
	for _, friend := range []string{"bob", "gone"} {
		ada.relate("/friends/" + friend + "/request").expect(http.StatusSeeOther)
	}
	bob.relate("/friends/ada/accept").expect(http.StatusSeeOther)
	gone.relate("/friends/ada/accept").expect(http.StatusSeeOther)
	gone.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	eve.relate("/friends/ada/request").expect(http.StatusSeeOther)
	eve.relate("/blocks/bob").expect(http.StatusSeeOther)
	user, err := s.store.UserByName(t.Context(), "ada")
	if err == nil {
		err = s.store.ChangeDigest(t.Context(), user, store.DailyDigest)
	}
	if err == nil {
		err = s.store.RefuseAddress(t.Context(), user.Email, 550)
	}
	if err != nil {
		t.Fatal(err)
	}
	ada.post("/settings/profile", url.Values{"display_name": {"آدا"}, "about": {"I **count** & <laugh>."}}).expect(http.StatusSeeOther)
	ada.post("/settings/username", url.Values{"username": {"countess"}}).expect(http.StatusSeeOther)
	ada.upload(picturetest.MustRedAndBlue(t, 40, 40)).expect(http.StatusSeeOther)
	ada.post("/theme", url.Values{"theme": {"dark"}}).expect(http.StatusSeeOther)
	ada.post("/settings/notifications", url.Values{"kind": {"request", "accepted", "mention", "message", "reaction"}}).expect(http.StatusSeeOther)
	wrote := []string{"مساء الخير", "👩🏽‍🚀 <b>\"so\"</b>\n\n# not a heading of ours", "plain @bob"}
	for i, text := range wrote {
		ada.message(text, fmt.Sprint(i)).expect(http.StatusNoContent)
		bob.message(fmt.Sprint("what bob said ", i), fmt.Sprint(i)).expect(http.StatusNoContent)
	}
	ada.post("/messages/1/2/reactions", emoji("👩🏽‍🚀")).expect(http.StatusSeeOther)
	eve.post("/messages/1/2/reactions", emoji("🎉")).expect(http.StatusSeeOther)

	answer := ada.get(path).expect(http.StatusOK).expectHeader("Content-Type", "application/zip").expectHeader("Cache-Control", "no-store").
		expectHeader("Content-Disposition", "attachment; filename=plaza-countess.zip")
	files := unzipped(t, []byte(answer.body))
	for name, text := range files {
		for _, foreign := range []string{"what bob said", "bob@example.org", "eve@", "gone"} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s has %s in it: %s", name, foreign, text)
			}
		}
		if name != "README.txt" && !strings.Contains(files["README.txt"], name+": ") {
			t.Errorf("README.txt says nothing of %s", name)
		}
	}
	profile := decoded[map[string]any](t, files["profile.json"])
	for field, want := range map[string]any{
		"username": "countess", "display_name": "آدا", "about": "I **count** & <laugh>.", "email": "ada@example.org", "email_hidden": true, "role": "member",
		"theme": "dark", "last_seen_hidden": false, "announce_messages": false, "mail_about_missed": "daily", "email_refuses_mail": true,
	} {
		if profile[field] != want {
			t.Errorf("%s is %v", field, profile[field])
		}
	}
	if former := fmt.Sprint(profile["former_usernames"]); former != "[ada]" {
		t.Errorf("the old names are %s", former)
	}
	if picture := bob.get(bob.shownPicture("countess")).body; files["picture.jpg"] != picture || files["picture-small.jpg"] == "" {
		t.Errorf("the pictures have %d and %d bytes, want the first as on the page, with %d", len(files["picture.jpg"]), len(files["picture-small.jpg"]), len(picture))
	}
	names := map[string][]string{}
	for list, ties := range decoded[map[string][]struct {
		Username string
		Since    time.Time
	}](t, files["friends.json"]) {
		for _, tie := range ties {
			if names[list] = append(names[list], tie.Username); time.Since(tie.Since) > time.Hour {
				t.Errorf("%s is there since %v", tie.Username, tie.Since)
			}
		}
	}
	if got := fmt.Sprint(names); got != "map[friends:[bob] requests_received:[eve]]" {
		t.Errorf("friends.json has %s", got)
	}
	told := decoded[struct {
		Muted         []string
		Notifications []struct {
			Kind, By string
			Read     bool
		}
	}](t, files["notifications.json"])
	if got := fmt.Sprint(told); got != "{[declined reply unfriended] [{request eve false} {accepted bob false}]}" {
		t.Errorf("notifications.json has %s", got)
	}
	if sessions := decoded[[]map[string]any](t, files["sessions.json"]); len(sessions) != 1 || sessions[0]["user_agent"] != "Go-http-client/1.1" || sessions[0]["opened_by"] != "registration" {
		t.Errorf("the sessions are %v", sessions)
	}
	var sources []string
	for _, message := range decoded[[]exported](t, files["messages.json"]) {
		sources = append(sources, message.Source)
		if message.Room != "Public chat" || time.Since(message.PostedAt) > time.Hour {
			t.Errorf("%q is of %s, %v", message.Source, message.Room, message.PostedAt)
		}
	}
	if !slices.Equal(sources, wrote) {
		t.Errorf("messages.json has %q", sources)
	}
	reactions := decoded[[]struct{ Emoji, To, Room string }](t, files["reactions.json"])
	if got := fmt.Sprint(reactions); got != "[{👩🏽‍🚀 bob Public chat}]" {
		t.Errorf("reactions.json has %s", got)
	}
	for _, text := range wrote {
		if !strings.Contains(files["messages.md"], "\n\n"+text+"\n") {
			t.Errorf("messages.md lacks %q", text)
		}
	}
	if files := unzipped(t, []byte(eve.get(path).body)); strings.TrimSpace(files["messages.json"]) != "[\n]" {
		t.Errorf("who wrote nothing gets %q", files["messages.json"])
	}
}

func TestExportsAreLimited(t *testing.T) {
	t.Parallel()
	s := open(t, limited)
	ada, bob := s.member("ada"), s.member("bob")
	for range 3 {
		ada.get("/settings/export").expect(http.StatusOK)
	}
	ada.get("/settings/export").expectProblem(http.StatusTooManyRequests)
	bob.get("/settings/export").expect(http.StatusOK)
}

// openHurried serves a site with short deadlines for requests, and returns it with a member who has written
// many messages.
func openHurried(t *testing.T) (address string, s *site, ada *browser) {
	t.Helper()
	address = storetest.MustAddress(t)
	s = &site{t: t, store: storetest.MustOpenAt(t, address), log: &logged{}}
	server := httptest.NewUnstartedServer(handlers.New(handlers.Config{Store: s.store, Unlimited: true, Log: slog.New(slog.NewTextHandler(s.log, nil))}))
	server.Config.WriteTimeout, server.Config.ReadTimeout = moment, moment
	server.Start()
	t.Cleanup(server.Close)
	s.url = server.URL
	user := storetest.MustUser(t, s.store, "ada")
	token, err := s.store.CreateSession(t.Context(), user, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	ada = s.browse()
	ada.plant(token)
	text := `hex(randomblob(512))` // hard to compress
	if store.IsPostgres(address) {
		text = `(SELECT string_agg(md5(n.i || '-' || part), '') FROM generate_series(1, 32) AS part)`
	}
	beside := storetest.Beside(t, address)
	for _, statement := range []string{
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + fmt.Sprint(muchWritten) + `)
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		SELECT 1, i, i, 1, 'n' || i, ` + text + `, '<p></p>', '', '', 1, FALSE, 1764000000000 + i FROM n`,
		`UPDATE rooms SET version = ` + fmt.Sprint(muchWritten),
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return address, s, ada
}

const (
	moment      = time.Second
	muchWritten = 10_000 // messages of a kilobyte
)

// download begins an export, waits for its first bytes, and returns a reader of the whole.
func (b *browser) download(ctx context.Context, t *testing.T) io.Reader {
	t.Helper()
	b.Timeout = 0
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site.url+"/settings/export", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	first := make([]byte, 1000)
	if _, err := io.ReadFull(response.Body, first); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", response.Status, err)
	}
	return io.MultiReader(bytes.NewReader(first), response.Body)
}

// A large export to a slow reader takes little memory, blocks no other user, and arrives whole.
func TestExportOfMuch(t *testing.T) {
	_, s, ada := openHurried(t)
	before := heap()
	content := ada.download(t.Context(), t)
	time.Sleep(2 * moment) // longer than the deadline of other requests
	if taken := heap() - before; taken > 6<<20 {
		t.Errorf("an export that waits for its reader takes %d kB", taken>>10)
	}
	if _, err := s.store.Post(t.Context(), storetest.New(store.User{Person: store.Person{ID: 1}}, "meanwhile")); err != nil {
		t.Errorf("other users cannot write: %v", err)
	}
	all, err := io.ReadAll(content)
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(all), err)
	}
	whole := unzipped(t, all)
	if messages := decoded[[]exported](t, whole["messages.json"]); len(messages) != muchWritten+1 {
		t.Errorf("%d messages", len(messages))
	}
	if headings := strings.Count(whole["messages.md"], "\n## Public chat, "); headings != muchWritten+1 {
		t.Errorf("%d headings", headings)
	}
}

// heap returns the number of bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// An export that fails breaks the connection. If the reader leaves, nothing of the export remains.
func TestExportBreaksOff(t *testing.T) {
	address, s, ada := openHurried(t)
	before := runtime.NumGoroutine()
	reading, leave := context.WithCancel(t.Context())
	ada.download(reading, t)
	leave()
	ada.CloseIdleConnections()
	eventually(t, "nothing is left of it", func() bool { return runtime.NumGoroutine() <= before })

	content := ada.download(t.Context(), t)
	if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `ALTER TABLE messages RENAME TO lost`); err != nil {
		t.Fatal(err)
	}
	if sent, err := io.Copy(io.Discard, content); err == nil {
		t.Errorf("an export that failed ends well, after %d bytes", sent)
	}
	if !strings.Contains(s.log.String(), "cannot export a user's data") {
		t.Errorf("the log says %s", s.log)
	}
}

func TestExportOfPrivateRooms(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	ada.write(room, "for bob alone").expect(http.StatusSeeOther)
	bob.write(room, "what bob said").expect(http.StatusSeeOther)
	files := unzipped(t, []byte(ada.get("/settings/export").expect(http.StatusOK).body))
	if got := decoded[[]exported](t, files["messages.json"]); len(got) != 1 || got[0].Room != "Private, with bob" || got[0].Source != "for bob alone" {
		t.Errorf("messages.json has %+v", got)
	}
	if got := files["conversations.json"]; !strings.Contains(got, `"with":"bob"`) || !strings.Contains(got, `"unread":1`) || strings.Contains(fmt.Sprint(files), "what bob said") {
		t.Errorf("conversations.json has %s", got)
	}
}
