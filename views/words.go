package views

import (
	"time"

	"plaza/store"
	"plaza/views/picture"
)

// language is what plaza says where code chooses the words; the other words stand in the templates.
// Each language is a type in a file of its own, which does not compile while one of these is
// missing. A test finds codes for which there is no sentence.
type language interface {
	problem(p store.Problem) string // what went wrong, and what to do; "" where the code is unknown
	mend() string                   // above a form with several fields at fault
	refusal(r picture.Refusal) string
	tooMany(wait time.Duration) string
	status(status int) string      // for a failure of which no more is known; "" where the status is no failure
	statusTitle(status int) string // above that
	outage() string                // on open pages, while messages cannot be saved

	closed(reason store.ClosedReason, name string) string // why somebody may not write to another
	readers(r store.RoomSummary) string                   // who reads what is written there
	notebook() string                                     // the name of a room of one's own
	emptyRoom(r store.Room) string                        // in one where nothing was said yet
	folded() string                                       // in place of a message of somebody blocked; without quotes
	excerpt(c store.Conversation) string                  // what was said last, and by whom
	event(e store.Event, source string) string            // after the name of who caused it
	notification(n store.Notification) string             // after the name of who caused it, if anybody did
	notificationKind(kind store.NotificationKind) string  // as a choice
	online(n int) string                                  // how many people are
	friend() string                                       // beside the name of one; without quotes, as it stands in CSS
	friends(n int) string                                 // how many somebody has
	relation(r store.Relation, name string) string        // what there is between the viewer and another; "" for nothing
	peopleFound(s SearchPage) string                      // how many; "" where nobody was looked for
	browser(name, system string) string                   // either may be ""

	exportedFile(name string) string         // what a file of somebody's data holds
	exportedTitle(username string) string    // above what somebody wrote
	exportedRoom(r store.RoomSummary) string // where they did

	confirmationMail(username, link string) (subject, body string)
	emailChangedMail(username, origin string) (subject, body string)
}

// words are those of the language that the site speaks.
var words language = english{}

// Sentence says what an error of the store is about: the whole, or what is wrong with its fields.
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

// FieldSentences says what is wrong with each field at fault, by the field's name.
func FieldSentences(err *store.Error) map[string]string {
	said := make(map[string]string, len(err.Fields))
	for field, problem := range err.Fields {
		said[field] = words.problem(problem)
	}
	return said
}

// MendFields asks people to look at the fields that are at fault.
func MendFields() string { return words.mend() }

// Refusal says why a picture cannot be taken.
func Refusal(r picture.Refusal) string { return words.refusal(r) }

// TooMany says that somebody asks too often, and how long they should wait.
func TooMany(wait time.Duration) string { return words.tooMany(wait) }

// StatusSentence says what a status means that is a failure; "" for another one.
func StatusSentence(status int) string { return words.status(status) }

// Readers says who reads what is written in a room.
func Readers(r store.RoomSummary) string { return words.readers(r) }

// Outage says on open pages that messages cannot be saved.
func Outage() string { return words.outage() }

// Browser is what people call a browser, by its name and its system, of which either may be "".
func Browser(name, system string) string { return words.browser(name, system) }

// ExportedFile says what a file of somebody's data holds.
func ExportedFile(name string) string { return words.exportedFile(name) }

// ExportedTitle stands above what somebody wrote.
func ExportedTitle(username string) string { return words.exportedTitle(username) }

// ExportedRoom says in somebody's data where they wrote something.
func ExportedRoom(r store.RoomSummary) string { return words.exportedRoom(r) }
