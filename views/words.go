package views

import (
	"time"

	"plaza/store"
	"plaza/views/picture"
)

// language is the words that code chooses. All other words are in the templates. Each language is a type in
// files of its own, which do not compile if a method is missing. A test finds codes without a sentence.
type language interface {
	problem(p store.Problem) string // what went wrong and what to do; "" if the code is unknown
	mend() string                   // above a form with errors in several fields
	refusal(r picture.Refusal) string
	tooMany(wait time.Duration) string
	status(status int) string      // for an error without a code; "" if the status is not an error
	statusTitle(status int) string // the title of an error page
	// Why nobody can register this way; "" if the code is about something else.
	unregistrable(why store.Code) (title, says string)
	registration(r store.Registration) (label, help string)
	invitesBy(by store.InvitesBy) (label, help string)
	inviteUses(used, uses int) string
	inviteName(i store.Invite) string // of the button that revokes it
	outage() string                   // on open pages, while messages cannot be saved

	closed(reason store.ClosedReason, name string) string   // why the viewer may not write to the person of that name
	site(name string) (title, description string)           // where somebody shares an address of the site
	previewPicture() string                                 // what the picture beside them shows
	onThisPlaza(name string) string                         // where somebody shares the address of a person's page
	readers(r store.RoomSummary) string                     // who can read the room
	publicRoom() string                                     // the name of a public room without one
	notebook() string                                       // the name of the viewer's own room
	emptyRoom(r store.Room) string                          // in a room without messages
	folded() string                                         // in place of a blocked person's message; no quotation marks, since CSS has it
	excerpt(c store.Conversation) string                    // the author and the beginning of the last message
	thread() string                                         // the name of a log with one thread
	threadIn(r store.RoomSummary) string                    // the title of the page of a thread
	replies(n int) string                                   // how many replies a message has; live.js has the same
	quoted(q store.Quote) string                            // the beginning of a message that a reply answers
	event(e store.Event, source string) string              // after the name of the person who caused it
	notification(n store.Notification, several bool) string // after the name of the person who caused it, if there is one, or of several
	others(n int) string                                    // after the name of a person who is one of several
	both(one, other string) string                          // two people
	reactWith(emoji string) string                          // the name of a button
	peopleWith(n int, emoji string) string                  // how many people reacted with an emoji
	reacted(who []string, others int, emoji string) string  // the people who reacted with an emoji, and how many more
	answered(name string, friends bool) string              // after the viewer has accepted or declined a friend request
	day(start, today time.Time) string                      // the heading of a day; both begin at midnight
	notificationKind(kind store.NotificationKind) string    // the label of a choice
	online(n int) string                                    // how many people are online
	friend() string                                         // beside a friend's name; no quotation marks, since CSS has it
	friends(n int) string                                   // how many friends a person has
	sharedFriends(n int) string                             // how many friends of a person are the viewer's too
	groups(n int) string                                    // how many groups the viewer is in
	relation(r store.Relation, name string) string          // the viewer's relation to a person; "" if there is none
	peopleFound(s SearchPage) string                        // how many people; "" if the query is empty
	browser(name, system string) string                     // either may be ""

	// The states of settings, in their list.
	pictureState(own bool) string
	emailState(short string, s store.Settings) string
	passwordState(changed time.Time) string
	sessionsState(n int) string
	securityState(s store.Settings) string
	recoveryCodesLeft(n int) string
	openedBy(by store.OpenedBy) string // how a session was opened, as a sentence
	privacyState(p store.Privacy) string
	notificationsState(muted, all int) string
	themeState(theme string) string // "light", "dark", or "" to follow the device
	dataState() string
	deleteState() string

	exportedFile(name string) string         // what a file of an export contains
	exportedTitle(username string) string    // above a person's messages
	exportedRoom(r store.RoomSummary) string // above the messages in one room

	// What letters say.
	greeting(username string) string
	mailFooter(origin string) string
	confirmationMail() letterWords
	verificationMail() letterWords
	emailChangedMail() letterWords
	resetMail() letterWords
	passwordChangedMail() letterWords
	digestMail() letterWords
	missed(m store.Missed, by string) string // an item of a digest
	moreMissed(n int) string
	digestEnd() string // before the link that ends digests
	securityMail(kind store.NotificationKind) letterWords
}

// words is the language of the site.
var words language = english{}

// Sentence says what an error of the store means. It is about the form as a whole, or about the only field
// with an error.
func Sentence(err *store.Error) string {
	switch {
	case err.Code == "" && len(err.Fields) > 1:
		return words.mend()
	case err.Code == "":
		for _, problem := range err.Fields {
			return words.problem(problem)
		}
	}
	return words.problem(err.Problem())
}

// FieldSentences says what is wrong with each field that has an error, by the field's name.
func FieldSentences(err *store.Error) map[string]string {
	said := make(map[string]string, len(err.Fields))
	for field, problem := range err.Fields {
		said[field] = words.problem(problem)
	}
	return said
}

// MendFields asks the viewer to correct the fields with errors.
func MendFields() string { return words.mend() }

// Refusal says why a picture was refused.
func Refusal(r picture.Refusal) string { return words.refusal(r) }

// TooMany says that there were too many requests, and how long to wait.
func TooMany(wait time.Duration) string { return words.tooMany(wait) }

// StatusSentence says what the status of an error means. It returns "" if the status is not an error.
func StatusSentence(status int) string { return words.status(status) }

// Readers says who can read a room.
func Readers(r store.RoomSummary) string { return words.readers(r) }

// Outage says on open pages that messages cannot be saved.
func Outage() string { return words.outage() }

// Browser describes a browser by its name and its system. Either may be "".
func Browser(name, system string) string { return words.browser(name, system) }

// ExportedFile says what a file of an export contains.
func ExportedFile(name string) string { return words.exportedFile(name) }

// ExportedTitle is the title above a person's messages in an export.
func ExportedTitle(username string) string { return words.exportedTitle(username) }

// ExportedRoom is the title above a person's messages in one room of an export.
func ExportedRoom(r store.RoomSummary) string { return words.exportedRoom(r) }
