package views

import (
	"strings"
	"testing"
	"time"

	"plaza/store"
)

func TestDaysBeginByUTC(t *testing.T) {
	at := func(s string) store.Message {
		posted, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return store.Message{PostedAt: posted}
	}
	found := Part{Messages: []store.Message{
		at("2026-11-23T23:59:59Z"),
		at("2026-11-24T00:30:00+01:00"), // 23:30 of the day before, by UTC
		at("2026-11-24T00:00:00Z"),
		at("2026-11-24T23:00:00Z"),
		at("2026-11-27T08:00:00Z"),
	}}.entries()
	want := []string{"Monday, 23 November 2026", "", "Tuesday, 24 November 2026", "", "Friday, 27 November 2026"}
	for i, e := range found {
		if e.dayStart != want[i] {
			t.Errorf("message %d begins the day %q, want %q", i, e.dayStart, want[i])
		}
	}
}

func TestMessageOfAGroup(t *testing.T) {
	m := store.Message{
		Room: 1, Seq: 7, Version: 9, Nonce: "n", Author: store.Person{Username: "zoë.k", DisplayName: `<b>"Zoë"</b>`},
		HTML: "<p>hello</p>", PostedAt: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
	}
	first := render(t, m)
	m.Continues = true
	next := render(t, m)
	if strings.Contains(first, "continues") || !strings.Contains(next, `class="message continues"`) {
		t.Error("only a message that continues a group may say so")
	}
	if got := strings.Replace(next, "message continues", "message", 1); got != first {
		t.Errorf("a message that continues a group differs in more than its class:\n%s\n%s", first, next)
	}
	for _, part := range []string{`id="m-1-7"`, `href="/u/zo%C3%AB.k"`, `&lt;b&gt;&#34;Zoë&#34;&lt;/b&gt;`, "<p>hello</p>"} {
		if !strings.Contains(first, part) {
			t.Errorf("the message has no %s:\n%s", part, first)
		}
	}
	if strings.Contains(first, "data-day-start") {
		t.Error("a message by itself cannot know that it begins a day")
	}
}

func TestMentionedNames(t *testing.T) {
	m := store.Message{HTML: `<p>@Zoë.k and @bo</p>`, Mentions: "zoë.k bo"}
	if got := render(t, m); !strings.Contains(got, `data-mentions="zoë.k bo"`) {
		t.Errorf("who is mentioned is not said:\n%s", got)
	}
	if got := render(t, store.Message{HTML: "<p>@bo</p>"}); strings.Contains(got, "data-mentions") {
		t.Errorf("nobody is mentioned:\n%s", got)
	}
}

func render(t *testing.T, m store.Message) string {
	t.Helper()
	return rendered(t, Message(m))
}

func TestViewerStylesheetNamesLinksAsTheyAreWritten(t *testing.T) {
	got := ViewerStylesheet(store.Person{ID: 7, Username: "zoë.k"}, store.Relations{})
	for _, part := range []string{`[data-author="zoë.k"]`, `[data-mentions~="zoë.k"]`, `[href="/u/zoë.k"]`, `[href="/u/zo%C3%AB.k"]`} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
}
