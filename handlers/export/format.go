package export

import (
	"encoding/json"
	"io"
	"time"

	"plaza/store"
	"plaza/views"
)

// The content of each JSON file. Programs rely on the names of files and fields.
type (
	profileJSON struct {
		Username          string    `json:"username"`
		FormerUsernames   []string  `json:"former_usernames"`
		DisplayName       string    `json:"display_name"`
		Email             string    `json:"email"`
		EmailHidden       bool      `json:"email_hidden"`
		EmailVerified     bool      `json:"email_verified"`
		EmailRefused      bool      `json:"email_refuses_mail"`
		PasswordChangedAt time.Time `json:"password_changed_at"`
		About             string    `json:"about"`
		Role              string    `json:"role"`
		CreatedAt         time.Time `json:"created_at"`
		LastSeenAt        time.Time `json:"last_seen_at"`
		LastSeenHidden    bool      `json:"last_seen_hidden"`
		Theme             string    `json:"theme"`
		PrivateFrom       string    `json:"private_messages_from"`
		Receipts          bool      `json:"read_receipts"`
		Announces         bool      `json:"announce_messages"`
		Digest            string    `json:"mail_about_missed"` // "hourly", "daily" or ""
	}
	friendsJSON struct {
		Friends  []relationJSON `json:"friends"`
		Sent     []relationJSON `json:"requests_sent"`
		Received []relationJSON `json:"requests_received"`
		Blocked  []relationJSON `json:"blocked"`
	}
	relationJSON struct {
		Username    string    `json:"username"`
		DisplayName string    `json:"display_name"`
		Since       time.Time `json:"since"`
	}
	sessionJSON struct {
		Browser   string    `json:"browser"`
		OpenedBy  string    `json:"opened_by"`
		Since     time.Time `json:"since"`
		LastUsed  time.Time `json:"last_used"`
		UserAgent string    `json:"user_agent"`
	}
	// securityJSON has no secrets: somebody who gets hold of the file must not be able to sign in with it.
	securityJSON struct {
		TwoStepSince      time.Time     `json:"two_step_since"`
		RecoveryCodesLeft int           `json:"recovery_codes_left"`
		Passkeys          []passkeyJSON `json:"passkeys"`
	}
	passkeyJSON struct {
		Name     string    `json:"name"`
		Since    time.Time `json:"since"`
		LastUsed time.Time `json:"last_used"`
	}
	notificationsJSON struct {
		Muted         []string           `json:"muted"`
		Notifications []notificationJSON `json:"notifications"`
	}
	notificationJSON struct {
		Kind    string    `json:"kind"`
		By      string    `json:"by"`
		Count   int       `json:"count"`
		Room    string    `json:"room"`
		Browser string    `json:"browser"`
		At      time.Time `json:"at"`
		Read    bool      `json:"read"`
	}
	conversationJSON struct {
		Kind   string    `json:"kind"`
		With   string    `json:"with"` // a username, or the name of a group
		LastAt time.Time `json:"last_at"`
		Unread int       `json:"unread"`
	}
	draftJSON struct {
		Room     string    `json:"room"`
		SavedAt  time.Time `json:"saved_at"`
		Body     string    `json:"body"`
		Replaced string    `json:"replaced"`
	}
	reactionJSON struct {
		Emoji string    `json:"emoji"`
		To    string    `json:"to"` // the author of the message
		Room  string    `json:"room"`
		At    time.Time `json:"at"`
	}
	messageJSON struct {
		Room     string    `json:"room"`
		PostedAt time.Time `json:"posted_at"`
		Source   string    `json:"source"`
	}
)

func profileOf(user store.User, relations store.Contacts, settings store.Settings) profileJSON {
	return profileJSON{
		Username: user.Username, FormerUsernames: append([]string{}, relations.Former...), DisplayName: user.DisplayName,
		Email: user.Email, EmailHidden: user.EmailHidden, About: user.About,
		Role: string(user.Role), CreatedAt: user.CreatedAt.UTC(),
		LastSeenAt: user.SeenAt.UTC(), LastSeenHidden: user.SeenHidden, Theme: user.Theme,
		PrivateFrom: string(settings.Privacy.From), Receipts: settings.Privacy.Receipts, Announces: user.Announces,
		EmailVerified: settings.EmailVerified, EmailRefused: settings.EmailRefused, Digest: string(settings.Digest),
		PasswordChangedAt: settings.PasswordChangedAt.UTC(),
	}
}

func friendsOf(relations store.Contacts) friendsJSON {
	list := func(people []store.Contact) []relationJSON {
		exported := make([]relationJSON, len(people))
		for i, person := range people {
			exported[i] = relationJSON(person)
		}
		return exported
	}
	return friendsJSON{list(relations.Friends), list(relations.Sent), list(relations.Received), list(relations.Blocked)}
}

func sessionsOf(sessions []store.SignedIn, browser func(userAgent string) string) []sessionJSON {
	exported := make([]sessionJSON, len(sessions))
	for i, session := range sessions {
		exported[i] = sessionJSON{browser(session.UserAgent), string(session.OpenedBy), session.Since.UTC(), session.UsedAt.UTC(), session.UserAgent}
	}
	return exported
}

func securityOf(factor store.SecondFactor, passkeys []store.Passkey) securityJSON {
	exported := securityJSON{TwoStepSince: factor.Since.UTC(), RecoveryCodesLeft: factor.RecoveryCodes, Passkeys: []passkeyJSON{}}
	for _, passkey := range passkeys {
		exported.Passkeys = append(exported.Passkeys, passkeyJSON{passkey.Name, passkey.Since.UTC(), passkey.UsedAt.UTC()})
	}
	return exported
}

func conversationsOf(conversations []store.Conversation) []conversationJSON {
	exported := make([]conversationJSON, len(conversations))
	for i, conversation := range conversations {
		exported[i] = conversationJSON{string(conversation.Kind), conversation.Name, conversation.LastAt, conversation.Unread}
		if conversation.Kind == store.Pair {
			exported[i].With = conversation.Other.Username
		}
	}
	return exported
}

func draftsOf(drafts []store.OwnDraft) []draftJSON {
	exported := make([]draftJSON, len(drafts))
	for i, draft := range drafts {
		exported[i] = draftJSON{views.ExportedRoom(draft.Room), draft.SavedAt, draft.Body, draft.Replaced}
	}
	return exported
}

type inviteJSON struct {
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	Note      string    `json:"note"`
	Uses      int       `json:"uses"`
	Used      int       `json:"used"`
	Revoked   bool      `json:"revoked"`
	CameByIt  []string  `json:"came_by_it"`
}

func invitesOf(invites []store.Invite) []inviteJSON {
	exported := make([]inviteJSON, len(invites))
	for i, invite := range invites {
		guests := make([]string, len(invite.Guests))
		for j, guest := range invite.Guests {
			guests[j] = guest.Username
		}
		exported[i] = inviteJSON{invite.MadeAt, invite.ExpiresAt, invite.Note, invite.Uses, invite.Used, invite.Revoked, guests}
	}
	return exported
}

// asIs writes bytes as they are.
func asIs(content []byte) func(w io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// asJSON writes a value as JSON.
func asJSON(value any) func(w io.Writer) error {
	return func(w io.Writer) error { return newEncoder(w).Encode(value) }
}

// newEncoder returns an encoder that keeps < and & as people wrote them.
func newEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}
