package store

import "time"

// Code says what went wrong. The store has no sentences for users: views have a sentence for each
// code, in each language.
type Code string

// Usernames.
const (
	CodeUsernameLength     Code = "username_length"
	CodeUsernameCharacters Code = "username_characters"
	CodeUsernameNoLetter   Code = "username_no_letter" // nor a digit
	CodeUsernameTaken      Code = "username_taken"
	CodeUsernameLooksTaken Code = "username_looks_taken" // it looks like another user's
	CodeUsernameReserved   Code = "username_reserved"    // it looks official, or the site has a page of that name
	CodeUsernameSame       Code = "username_same"        // the user has it already
	CodeUsernameTooSoon    Code = "username_too_soon"    // the last change is too recent; Args.Until
)

// Emails.
const (
	CodeEmailMalformed   Code = "email_malformed"
	CodeEmailRegistered  Code = "email_registered"   // at sign-up: an account has it
	CodeEmailTaken       Code = "email_taken"        // in settings: another account has it
	CodeEmailTakenSince  Code = "email_taken_since"  // another account confirmed it first
	CodeEmailNotWaiting  Code = "email_not_waiting"  // no email waits to be confirmed
	CodeEmailLinkInvalid Code = "email_link_invalid" // unknown, used or too old: the store cannot tell which
)

// Passwords and sessions.
const (
	CodePasswordShort       Code = "password_short"
	CodePasswordLong        Code = "password_long"
	CodePasswordIsUsername  Code = "password_is_username"
	CodePasswordCommon      Code = "password_common"
	CodePasswordUnconfirmed Code = "password_unconfirmed" // it is not repeated
	CodePasswordsDiffer     Code = "passwords_differ"     // the repeated password is different
	CodePasswordWrong       Code = "password_wrong"       // it is not the account's password
	CodeCredentials         Code = "credentials"          // no account has this name and password
	CodeResetLinkInvalid    Code = "reset_link_invalid"   // unknown, used, replaced or too old
	CodeCodeNeeded          Code = "code_needed"          // the password alone does not sign in
	CodeCodeWrong           Code = "code_wrong"           // no authenticator app or recovery code of the account has it, or it was used
	CodeHalfSignInEnded     Code = "half_sign_in_ended"   // the sign-in that waits for a code is unknown or has ended
	CodeTOTPOn              Code = "totp_on"              // the second step of signing in is on already
	CodeTOTPOff             Code = "totp_off"             // the second step of signing in is not on, or has no new secret
	CodeChallengeEnded      Code = "challenge_ended"      // the challenge of a passkey is unknown, used or too old
	CodePasskeyRefused      Code = "passkey_refused"      // it is unknown, or its answer is wrong
	CodePasskeyTaken        Code = "passkey_taken"        // it was added before
	CodePasskeyGone         Code = "passkey_gone"         // the account has no such passkey
	CodePasskeyName         Code = "passkey_name"         // its name is too long, or no text
	CodePasskeyHost         Code = "passkey_host"         // the site has no name that passkeys can belong to
	CodeTooManyPasskeys     Code = "too_many_passkeys"
	CodeProviderSignInEnded Code = "provider_sign_in_ended" // the sign-in by a provider is unknown, used or too old
	CodeProviderRefused     Code = "provider_refused"       // the provider's answer does not sign in
	CodeProviderAway        Code = "provider_away"          // the provider does not answer
	CodeNotLinked           Code = "not_linked"             // no account is linked to the identity
	CodeLinkedToAnother     Code = "linked_to_another"      // the identity signs in another account
	CodeSignedOut           Code = "signed_out"             // the session has ended
	CodeSessionEnded        Code = "session_ended"          // another session of the same account has ended
)

// Profiles and choices.
const (
	CodeDisplayNameCharacters Code = "display_name_characters"
	CodeDisplayNameLong       Code = "display_name_long"
	CodeDisplayNameEmpty      Code = "display_name_empty"    // it has no visible character
	CodeDisplayNameTaken      Code = "display_name_taken"    // it looks like another user's username
	CodeDisplayNameReserved   Code = "display_name_reserved" // it looks official
	CodeAboutCharacters       Code = "about_characters"
	CodeAboutLong             Code = "about_long"
	CodePrivateFrom           Code = "private_from"        // the choice is unknown
	CodeNotificationKind      Code = "notification_kind"   // the kind is unknown
	CodeDigestRate            Code = "digest_rate"         // the choice is unknown
	CodeDigestLinkInvalid     Code = "digest_link_invalid" // unknown or too old
	CodeNotificationGone      Code = "notification_gone"
	CodePictureGone           Code = "picture_gone"
)

// Accounts and relations.
const (
	CodeUserUnknown     Code = "user_unknown"
	CodeUserDeleted     Code = "user_deleted"
	CodeOwnerNeeded     Code = "owner_needed"     // the only owner cannot leave while there are other members
	CodeYourself        Code = "yourself"         // users cannot do this to themselves
	CodeBlocked         Code = "blocked"          // the user has blocked the other; Args.Name
	CodeRequestDeclined Code = "request_declined" // too recently to ask again; Args.Name
	CodeRequestAnswered Code = "request_answered" // the user's own request
	CodeRequestGone     Code = "request_gone"     // another user's request
	CodeNotFriends      Code = "not_friends"
	CodeTooManyBlocks   Code = "too_many_blocks"
)

// Rooms.
const (
	CodeRoomUnknown      Code = "room_unknown"
	CodeRoomClosed       Code = "room_closed" // Args.Closed, Args.Name
	CodeGroupNameMissing Code = "group_name_missing"
	CodeGroupFull        Code = "group_full"
	CodeGroupEmpty       Code = "group_empty"       // no friend is named
	CodeGroupNotFriends  Code = "group_not_friends" // a named user is not a friend
	CodeTooManyGroups    Code = "too_many_groups"   // a named user is in too many; Args.Name
)

// Messages.
const (
	CodeMessageEncoding   Code = "message_encoding"
	CodeMessageCharacters Code = "message_characters"
	CodeMessageEmpty      Code = "message_empty"
	CodeMessageLong       Code = "message_long"
	CodeMessageNonce      Code = "message_nonce"
	CodeMessageRoom       Code = "message_room"    // it does not say its room
	CodeMessageRepeat     Code = "message_repeat"  // its nonce belongs to another message
	CodeMessageRefused    Code = "message_refused" // the room changed during the post
	CodeMessageUnknown    Code = "message_unknown"
	CodeMessageOfAnother  Code = "message_of_another" // only its author may do this
	CodeMessageDeleted    Code = "message_deleted"
	CodeMessageEdited     Code = "message_edited" // its text was replaced meanwhile
	CodeTooManySaved      Code = "too_many_saved"
	CodeReplyUnknown      Code = "reply_unknown" // there is no message that it could answer
	CodeReplyDeleted      Code = "reply_deleted" // the message that it answers was deleted
	CodePinForbidden      Code = "pin_forbidden"
	CodeTooManyPins       Code = "too_many_pins"
	CodeMessageErased     Code = "message_erased" // it is too late to restore it
	CodeNoEmoji           Code = "no_emoji"       // a reaction is not one emoji
	CodeTooManyReactions  Code = "too_many_reactions"
)

// Registration.
const (
	CodeSetupNeeded      Code = "setup_needed"       // the site has no owner, and this is not the way to become it
	CodeSetupLinkInvalid Code = "setup_link_invalid" // another setup link was made since
	CodeSetupOver        Code = "setup_over"         // the site has an owner
	CodeInviteNeeded     Code = "invite_needed"
	CodeInviteInvalid    Code = "invite_invalid" // unknown, used up, revoked or too old
	CodeInviteNoteLong   Code = "invite_note_long"
	CodeInviteUses       Code = "invite_uses"
	CodeInviteLifetime   Code = "invite_lifetime"
	CodeTooManyInvites   Code = "too_many_invites"
	CodeHoneypot         Code = "honeypot" // the form has what people cannot fill in
	CodeClosed           Code = "closed"   // registration is closed
)

// The site.
const (
	CodeSiteNameLong   Code = "site_name_long"
	CodeChoiceUnknown  Code = "choice_unknown" // a field holds none of the values it has
	CodeRestarting     Code = "restarting"
	CodeTooManyUploads Code = "too_many_uploads"  // at the same time
	CodeTooManySignIns Code = "too_many_sign_ins" // at the same time
)

// Args are the arguments of a code's sentence. The comment of each code names the arguments that it
// has.
type Args struct {
	Name   string       // of the other user
	Until  time.Time    // when the user may do it again
	Closed ClosedReason // why the room is closed
}

// Problem is a code with its arguments. The zero Problem means no problem.
type Problem struct {
	Code Code
	Args Args
}
