package gallery

import (
	"cmp"
	"slices"
	"strings"
)

// Group is a component with its entries, and the files where a designer changes it.
type Group struct {
	Name    string
	Files   []string // paths from the root of the repository: first the markup, then the styles
	Entries []Entry

	prefixes []string // what the names of its entries begin with
}

// id is the group's address inside the index.
func (g Group) id() string { return strings.ReplaceAll(strings.ToLower(g.Name), " ", "-") }

// Owns reports whether an entry belongs to the group by its name.
func (g Group) Owns(name string) bool { return g.prefixOf(name) != "" }

// prefixOf returns the longest of the group's prefixes that an entry's name begins with, or "".
func (g Group) prefixOf(name string) string {
	longest := ""
	for _, prefix := range g.prefixes {
		if (name == prefix || strings.HasPrefix(name, prefix+"-")) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	return longest
}

// Groups returns the gallery in a theme, as Entries does. An entry belongs to the group with the
// longest prefix of its name. In a group, entries come in the order of its prefixes, then of their names.
func Groups(theme string) []Group {
	groups := emptyGroups()
	for _, entry := range Entries(theme) {
		best := slices.MaxFunc(groups, func(a, b *Group) int { return len(a.prefixOf(entry.Name)) - len(b.prefixOf(entry.Name)) })
		best.Entries = append(best.Entries, entry)
	}
	var all []Group
	for _, g := range groups {
		slices.SortFunc(g.Entries, func(a, b Entry) int {
			byPrefix := slices.Index(g.prefixes, g.prefixOf(a.Name)) - slices.Index(g.prefixes, g.prefixOf(b.Name))
			return cmp.Or(byPrefix, strings.Compare(a.Name, b.Name))
		})
		all = append(all, *g)
	}
	return all
}

func emptyGroups() []*Group {
	group := func(name, prefixes, files string) *Group {
		return &Group{Name: name, Files: strings.Fields(files), prefixes: strings.Fields(prefixes)}
	}
	return []*Group{
		group("Foundations", "foundations", "views/icon.templ static/icons.svg views/time.templ static/css/00-layers.css static/css/01-reset.css static/css/02-tokens.css static/css/03-base.css static/css/15-motion.css static/css/11-button.css static/css/90-utilities.css"),
		group("Chat", "chat", "views/chat.templ static/css/20-chat.css"),
		group("Message", "message chat-pending", "views/message.templ views/time.templ static/css/21-message.css static/css/22-body.css static/css/23-code.css"),
		group("Reactions", "reactions", "views/message_reactions.templ static/css/28-reactions.css"),
		group("Message actions", "actions", "views/message_actions.templ views/saved.templ views/pins.templ static/css/27-actions.css static/css/46-saved.css"),
		group("Replies", "reply", "views/reply.templ static/css/28-replies.css"),
		group("Composer", "composer chat-refused chat-preview chat-previewing chat-formatting chat-draft chat-completing", "views/composer.templ views/completion.templ static/css/24-composer.css"),
		group("People online", "people online", "views/people.templ static/css/25-people.css"),
		group("Card", "card", "views/card.templ static/css/38-card.css"),
		group("Conversations", "conversations", "views/private.templ static/css/41-conversations.css"),
		group("Private conversation", "conversation", "views/private.templ static/css/42-room.css"),
		group("Group", "group", "views/group.templ static/css/42-room.css"),
		group("Inbox", "inbox toasts toast", "views/inbox.templ static/css/42-inbox.css"),
		group("Notifications", "notifications", "views/notifications.templ static/css/40-notifications.css"),
		group("Switcher", "switcher", "views/switcher.templ static/css/43-switcher.css"),
		group("Shortcuts", "chat-shortcuts", "views/shortcuts.templ static/css/26-shortcuts.css"),
		group("Search", "search", "views/search.templ static/css/37-search.css"),
		group("Friends", "friends", "views/friends.templ views/relation.templ static/css/36-friends.css"),
		group("Profile", "profile", "views/profile.templ views/relation.templ views/block.templ static/css/32-profile.css"),
		group("Welcome", "welcome", "views/welcome.templ views/square.templ static/css/31-welcome.css static/css/34-art.css"),
		group("Register", "register", "views/register.templ views/form.templ static/css/30-form.css"),
		group("Invitations", "invites", "views/invite.templ views/form.templ static/css/30-form.css static/css/35-settings.css"),
		group("This site", "site", "views/site.templ views/form.templ static/css/30-form.css"),
		group("First start", "setup", "views/setup.templ views/form.templ static/css/30-form.css"),
		group("Sign in", "login", "views/login.templ views/form.templ static/css/30-form.css"),
		group("Forgotten password", "forgot reset", "views/reset.templ views/form.templ static/css/30-form.css"),
		group("Settings", "settings", "views/settings.templ views/settings.go views/privacy.templ views/form.templ static/css/35-settings.css static/css/30-form.css"),
		group("Picture", "settings-picture", "views/upload.templ static/css/39-picture.css"),
		group("Email", "settings-email email", "views/settings.templ views/mail.templ static/css/35-settings.css"),
		group("Notification settings", "settings-notifications notices digest", "views/notifications.templ views/notices.templ views/digest.templ static/css/44-notices.css"),
		group("Security", "settings-security settings-totp settings-passkey settings-oidc", "views/security.templ views/passkey.templ views/provider.templ views/qr.templ static/css/35-security.css"),
		group("Delete account", "settings-delete", "views/delete.templ static/css/35-settings.css"),
		group("Problem", "problem", "views/problem.templ views/empty.templ views/art.templ static/css/33-problem.css static/css/45-empty.css"),
		group("Frame", "frame", "views/layout.templ views/preview.templ views/menu.templ views/theme.templ static/css/10-layout.css static/css/12-theme.css static/css/13-site-menu.css static/css/14-menu.css"),
		group("Navigation", "navigation", "views/navigation.templ static/css/15-navigation.css"),
	}
}
