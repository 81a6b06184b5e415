package store

import "time"

// Code says what went wrong. The store has no sentences for people: views have one for each code, in
// each language.
type Code string

// Usernames.
const (
	CodeUsernameLength     Code = "username_length"
	CodeUsernameCharacters Code = "username_characters"
	CodeUsernameNoLetter   Code = "username_no_letter" // nor a digit
	CodeUsernameTaken      Code = "username_taken"
	CodeUsernameLooksTaken Code = "username_looks_taken" // it looks like somebody else's
	CodeUsernameSame       Code = "username_same"        // the person has it already
	CodeUsernameTooSoon    Code = "username_too_soon"    // it was changed lately; Args.Until
)

// Emails.
const (
	CodeEmailMalformed   Code = "email_malformed"
	CodeEmailRegistered  Code = "email_registered"   // at sign-up: somebody has an account with it
	CodeEmailTaken       Code = "email_taken"        // in settings: somebody else has it
	CodeEmailTakenSince  Code = "email_taken_since"  // somebody else confirmed it first
	CodeEmailNotWaiting  Code = "email_not_waiting"  // there is no email to confirm
	CodeEmailLinkInvalid Code = "email_link_invalid" // unknown, used or too old: nobody can tell which
)

// Passwords and sessions.
const (
	CodePasswordShort      Code = "password_short"
	CodePasswordLong       Code = "password_long"
	CodePasswordIsUsername Code = "password_is_username"
	CodePasswordCommon     Code = "password_common"
	CodePasswordsDiffer    Code = "passwords_differ" // the one typed again is another
	CodePasswordWrong      Code = "password_wrong"   // it is not the person's own
	CodeCredentials        Code = "credentials"      // no account has this name and this password
	CodeSignedOut          Code = "signed_out"       // the session has ended
	CodeSessionEnded       Code = "session_ended"    // another session of the person's has ended
)

// Profiles and choices.
const (
	CodeDisplayNameCharacters Code = "display_name_characters"
	CodeDisplayNameLong       Code = "display_name_long"
	CodeDisplayNameEmpty      Code = "display_name_empty" // nothing in it can be seen
	CodeDisplayNameTaken      Code = "display_name_taken" // it looks like somebody else's username
	CodeAboutCharacters       Code = "about_characters"
	CodeAboutLong             Code = "about_long"
	CodePrivateFrom           Code = "private_from"      // there is no such choice
	CodeNotificationKind      Code = "notification_kind" // there is no such choice
	CodeNotificationGone      Code = "notification_gone"
	CodePictureGone           Code = "picture_gone"
)

// Accounts, and what is between two.
const (
	CodeUserUnknown     Code = "user_unknown"
	CodeUserDeleted     Code = "user_deleted"
	CodeOwnerNeeded     Code = "owner_needed"     // the only owner cannot leave the others
	CodeYourself        Code = "yourself"         // one cannot do this to oneself
	CodeBlocked         Code = "blocked"          // the person has blocked the other; Args.Name
	CodeRequestDeclined Code = "request_declined" // lately; Args.Name
	CodeRequestAnswered Code = "request_answered" // one of the person's own
	CodeRequestGone     Code = "request_gone"     // one of somebody else's
	CodeNotFriends      Code = "not_friends"
	CodeTooManyBlocks   Code = "too_many_blocks"
)

// Rooms.
const (
	CodeRoomUnknown      Code = "room_unknown"
	CodeRoomClosed       Code = "room_closed" // Args.Closed, Args.Name
	CodeGroupNameMissing Code = "group_name_missing"
	CodeGroupFull        Code = "group_full"
	CodeGroupEmpty       Code = "group_empty"       // nobody is named
	CodeGroupNotFriends  Code = "group_not_friends" // somebody is named who is no friend
)

// Messages.
const (
	CodeMessageEncoding   Code = "message_encoding"
	CodeMessageCharacters Code = "message_characters"
	CodeMessageEmpty      Code = "message_empty"
	CodeMessageLong       Code = "message_long"
	CodeMessageNonce      Code = "message_nonce"
	CodeMessageRoom       Code = "message_room"    // it does not say which room it is for
	CodeMessageRepeat     Code = "message_repeat"  // its nonce was used for another one
	CodeMessageRefused    Code = "message_refused" // the room changed while it was posted
)

// The site.
const (
	CodeRestarting     Code = "restarting"
	CodeTooManyUploads Code = "too_many_uploads" // at the same time
)

// Args are what the sentence for a code names. Each code says which of them it has.
type Args struct {
	Name   string       // of the other person
	Until  time.Time    // when it may be done again
	Closed ClosedReason // why the room is closed
}

// Problem is what went wrong, with all that a sentence about it needs. The zero one is none.
type Problem struct {
	Code Code
	Args Args
}
