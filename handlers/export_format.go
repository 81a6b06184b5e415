package handlers

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"plaza/store"
	"plaza/views"
)

// What the files of an export hold. Their names and fields are for programs to rely on.
type (
	profileExport struct {
		Username        string    `json:"username"`
		FormerUsernames []string  `json:"former_usernames"`
		DisplayName     string    `json:"display_name"`
		Email           string    `json:"email"`
		EmailHidden     bool      `json:"email_hidden"`
		About           string    `json:"about"`
		Role            string    `json:"role"`
		CreatedAt       time.Time `json:"created_at"`
		LastSeenAt      time.Time `json:"last_seen_at"`
		LastSeenHidden  bool      `json:"last_seen_hidden"`
		Theme           string    `json:"theme"`
		PrivateFrom     string    `json:"private_messages_from"`
		Receipts        bool      `json:"read_receipts"`
	}
	friendsExport struct {
		Friends  []tieExport `json:"friends"`
		Sent     []tieExport `json:"requests_sent"`
		Received []tieExport `json:"requests_received"`
		Blocked  []tieExport `json:"blocked"`
	}
	tieExport struct {
		Username    string    `json:"username"`
		DisplayName string    `json:"display_name"`
		Since       time.Time `json:"since"`
	}
	sessionExport struct {
		Browser   string    `json:"browser"`
		Since     time.Time `json:"since"`
		LastUsed  time.Time `json:"last_used"`
		UserAgent string    `json:"user_agent"`
	}
	notificationsExport struct {
		Muted         []string             `json:"muted"`
		Notifications []notificationExport `json:"notifications"`
	}
	notificationExport struct {
		Kind    string    `json:"kind"`
		By      string    `json:"by"`
		Count   int       `json:"count"`
		Room    string    `json:"room"`
		Browser string    `json:"browser"`
		At      time.Time `json:"at"`
		Read    bool      `json:"read"`
	}
	conversationExport struct {
		Kind   string    `json:"kind"`
		With   string    `json:"with"` // a username, or the name of a group
		LastAt time.Time `json:"last_at"`
		Unread int       `json:"unread"`
	}
	messageExport struct {
		Room     string    `json:"room"`
		PostedAt time.Time `json:"posted_at"`
		Source   string    `json:"source"`
	}
)

func exportedProfile(user store.User, ties store.Contacts, privacy store.Privacy) profileExport {
	return profileExport{
		Username: user.Username, FormerUsernames: append([]string{}, ties.Former...), DisplayName: user.DisplayName,
		Email: user.Email, EmailHidden: user.EmailHidden, About: user.About, Role: string(user.Role), CreatedAt: user.CreatedAt.UTC(),
		LastSeenAt: user.SeenAt.UTC(), LastSeenHidden: user.SeenHidden, Theme: user.Theme,
		PrivateFrom: string(privacy.From), Receipts: privacy.Receipts,
	}
}

func exportedFriends(ties store.Contacts) friendsExport {
	list := func(ties []store.Contact) []tieExport {
		exported := make([]tieExport, len(ties))
		for i, tie := range ties {
			exported[i] = tieExport(tie)
		}
		return exported
	}
	return friendsExport{list(ties.Friends), list(ties.Sent), list(ties.Received), list(ties.Blocked)}
}

func exportedSessions(sessions []store.SignedIn) []sessionExport {
	exported := make([]sessionExport, len(sessions))
	for i, one := range sessions {
		exported[i] = sessionExport{browserInWords(one.UserAgent), one.Since.UTC(), one.UsedAt.UTC(), one.UserAgent}
	}
	return exported
}

func exportedConversations(conversations []store.Conversation) []conversationExport {
	exported := make([]conversationExport, len(conversations))
	for i, one := range conversations {
		exported[i] = conversationExport{string(one.Kind), one.Name, one.LastAt, one.Unread}
		if one.Kind == store.Pair {
			exported[i].With = one.Other.Username
		}
	}
	return exported
}

// asIs writes bytes.
func asIs(content []byte) func(w io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// asJSON writes a value whole.
func asJSON(value any) func(w io.Writer) error {
	return func(w io.Writer) error { return newEncoder(w).Encode(value) }
}

// newEncoder writes what people wrote as they did.
func newEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}

// eachMessage calls do for all that somebody wrote.
type eachMessage func(do func(m store.OwnMessage) error) error

// messagesAsJSON writes an array, an entry a line.
func messagesAsJSON(each eachMessage) func(w io.Writer) error {
	return func(w io.Writer) error {
		encoder, before := newEncoder(w), "[\n"
		err := each(func(m store.OwnMessage) error {
			if _, err := io.WriteString(w, before); err != nil {
				return err
			}
			before = ","
			return encoder.Encode(messageExport{views.ExportedRoom(m.Room), m.PostedAt, m.Source})
		})
		if err != nil {
			return err
		}
		if before == "," {
			before = ""
		}
		_, err = io.WriteString(w, before+"]\n")
		return err
	}
}

// messagesAsMarkdown writes a heading and the source of each.
func messagesAsMarkdown(user store.User, each eachMessage) func(w io.Writer) error {
	return func(w io.Writer) error {
		if _, err := fmt.Fprintf(w, "# %s\n", views.ExportedTitle(user.Username)); err != nil {
			return err
		}
		return each(func(m store.OwnMessage) error {
			_, err := fmt.Fprintf(w, "\n## %s, %s\n\n%s\n", views.ExportedRoom(m.Room), m.PostedAt.Format("2 January 2006, 15:04 UTC"), m.Source)
			return err
		})
	}
}
