package views

import (
	"slices"
	"strings"
	"unicode/utf8"

	"plaza/static"
	"plaza/store"
)

// SettingsPage is what all pages of settings show.
type SettingsPage struct {
	Page
	State store.Settings
	Saved bool // whether the viewer has just saved a form of this page
}

// section is a page of the settings.
type section struct {
	path    string
	name    string
	heading string // the title of its page; "" for the name
	icon    string
	says    string // a sentence below the title
	script  string // a module that its page loads; "" for none
	state   func(p SettingsPage) string
}

// sections are all sections, in groups.
var sections = [][]section{{
	{
		path: "/settings/profile", name: "Profile", icon: "nobody", says: "Your display name, and a few words about you.",
		state: func(p SettingsPage) string { return p.Viewer.Name() },
	},
	{
		path: "/settings/picture", name: "Picture", icon: "picture", says: "The picture beside your messages.", script: static.PictureScript,
		state: func(p SettingsPage) string { return words.pictureState(p.Viewer.Picture != "") },
	},
	{
		path: "/settings/username", name: "Username", icon: "at", says: "The name you sign in with, and others mention you by.",
		state: func(p SettingsPage) string { return "@" + p.Viewer.Username },
	},
	{
		path: "/settings/email", name: "Email", icon: "mail", says: "Your address, and who can see it.",
		state: func(p SettingsPage) string { return words.emailState(shortEmail(p.Viewer.Email), p.State) },
	},
}, {
	{
		path: "/settings/password", name: "Password", icon: "key", says: "A new password signs out all other browsers.",
		state: func(p SettingsPage) string { return words.passwordState(p.State.PasswordChangedAt) },
	},
	{
		path: "/settings/sessions", name: "Sessions", icon: "device", says: "Where you are signed in. If you don't recognize one, sign it out and change your password.",
		state: func(p SettingsPage) string { return words.sessionsState(p.State.Sessions) },
	},
	{
		path: "/settings/security", name: "Security", icon: "shield", says: "What protects your account besides your password.",
		state: func(p SettingsPage) string { return words.securityState(p.State) },
	},
}, {
	{
		path: "/settings/private", name: "Privacy", icon: "lock", says: "Who may write to you in private, and who can see what you have read.",
		state: func(p SettingsPage) string { return words.privacyState(p.State.Privacy) },
	},
	{
		path: "/settings/notifications", name: "Notifications", heading: "Notification settings", icon: "notifications", says: "What you are notified of.",
		state: func(p SettingsPage) string { return words.notificationsState(p.State.Muted, len(store.ChosenKinds())) },
	},
	{
		path: "/settings/theme", name: "Theme", icon: "theme", says: "Light or dark, in every browser where you sign in.",
		state: func(p SettingsPage) string { return words.themeState(p.Theme) },
	},
}, {
	{
		path: "/settings/data", name: "Your data", icon: "download", says: "All data about you, as one file to download.",
		state: func(SettingsPage) string { return words.dataState() },
	},
	{
		path: "/settings/delete", name: "Delete account", icon: "bin", says: "Leave for good, and keep or erase your messages.",
		state: func(SettingsPage) string { return words.deleteState() },
	},
}}

// sectionOf returns the section with a path. There must be one.
func sectionOf(path string) section {
	all := slices.Concat(sections...)
	return all[slices.IndexFunc(all, func(s section) bool { return s.path == path })]
}

// title returns the title of the section's page.
func (s section) title() string {
	if s.heading != "" {
		return s.heading
	}
	return s.name
}

// part returns the section for one of its further pages, with a title, a script and a sentence of its own.
func (s section) part(title, script, says string) section {
	s.heading, s.script, s.says = title, script, says
	return s
}

// current returns the aria-current of the section in the list: whether the page shows it, as the page's own content or
// beside the page of the list.
func (s section) current(shown section, list bool) string {
	switch {
	case s.path != shown.path:
		return "false"
	case list:
		return "true"
	}
	return "page"
}

// page returns the page of a section, or of the list.
func (p SettingsPage) page(s section, list bool) Page {
	if list {
		return p.titled("Settings")
	}
	return p.titled(s.title()).with(s.script)
}

// shortEmail returns an email that someone who looks over the viewer's shoulder cannot read: a…@example.org.
func shortEmail(email string) string {
	_, first := utf8.DecodeRuneInString(email)
	return email[:first] + "…" + email[max(strings.LastIndexByte(email, '@'), first):]
}
