package views

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"plaza/store"
	"plaza/views/picture"
)

func (english) problem(p store.Problem) string {
	switch p.Code {
	case store.CodeUsernameTooSoon:
		return "You can change your username again on " + longDate(p.Args.Until) + "."
	case store.CodeBlocked:
		return fmt.Sprintf("You have blocked %s. Unblock them first.", p.Args.Name)
	case store.CodeRequestDeclined:
		return fmt.Sprintf("%s declined your friend request. You can send another one after a day.", p.Args.Name)
	case store.CodeTooManyGroups:
		return fmt.Sprintf("%s is in too many groups to be added to another one.", p.Args.Name)
	case store.CodeGroupFull:
		return fmt.Sprintf("A group has at most %d people, including you.", store.MaxMembers)
	case store.CodeRoomClosed:
		return english{}.closed(p.Args.Closed, p.Args.Name)
	}
	return englishProblems[p.Code]
}

var englishProblems = map[store.Code]string{
	store.CodeUsernameLength:     "A username has 2 to 32 characters.",
	store.CodeUsernameCharacters: "A username has only letters, digits, and the characters _ - and . in it.",
	store.CodeUsernameNoLetter:   "A username has at least one letter or digit.",
	store.CodeUsernameTaken:      "This username is taken: please choose another.",
	store.CodeUsernameLooksTaken: "This username looks too much like another one: please choose a different one.",
	store.CodeUsernameReserved:   "This username is reserved for the site: please choose another.",
	store.CodeUsernameSame:       "This is already your username.",

	store.CodeEmailMalformed:   "Please give an email address such as ada@example.org.",
	store.CodeEmailRegistered:  "This email already has an account: sign in instead?",
	store.CodeEmailTaken:       "This email belongs to another account: please give a different one.",
	store.CodeEmailTakenSince:  "This email already belongs to another account. Please choose a different one in your settings.",
	store.CodeEmailNotWaiting:  "There is no email to confirm.",
	store.CodeEmailLinkInvalid: "A link works once, within a day, and only until another one is sent. Please ask for another one in your settings.",

	store.CodePasswordShort:       "A password has at least 8 characters.",
	store.CodePasswordLong:        "A password has at most 128 characters.",
	store.CodePasswordIsUsername:  "The password must not be the username.",
	store.CodePasswordCommon:      "This is one of the commonest passwords: please choose another.",
	store.CodePasswordUnconfirmed: "Please type the same password a second time.",
	store.CodePasswordsDiffer:     "The two passwords differ: please type the same one twice.",
	store.CodePasswordWrong:       "This is not your password. Please type it again.",
	store.CodeCredentials:         "No account has this name and this password. Please check both.",
	store.CodeResetLinkInvalid:    "A link works once, within 30 minutes, and only until another one is sent. Please ask for another one.",
	store.CodeCodeNeeded:          "Please sign in with your password, and then with a code.",
	store.CodeCodeWrong:           "This code is wrong, or was used before. Please type the one that the app shows now.",
	store.CodeHalfSignInEnded:     "That took too long, or there were too many wrong codes. Please sign in again.",
	store.CodeTOTPOn:              "Two-step sign-in is on already.",
	store.CodeProviderSignInEnded: "That took too long, or was done already. Please sign in again.",
	store.CodeProviderRefused:     "The other site did not sign you in. Please try again.",
	store.CodeProviderAway:        "The other site does not answer. Please try again in a moment, or use your password.",
	store.CodeNotLinked:           "This sign-in is not linked to your account any more.",
	store.CodeLinkedToAnother:     "This sign-in is linked to another account already.",
	store.CodeTOTPOff:             "Two-step sign-in is not being set up. Please start again.",
	store.CodeChallengeEnded:      "That took too long. Please try again.",
	store.CodePasskeyRefused:      "This passkey does not sign in here. Please use another one, or your password.",
	store.CodePasskeyTaken:        "This passkey was added before.",
	store.CodePasskeyGone:         "This passkey was removed.",
	store.CodePasskeyName:         "The name of a passkey has at most 64 characters, which can all be shown.",
	store.CodePasskeyHost:         "Passkeys work only where the site has a name, and not where its address is a number.",
	store.CodeTooManyPasskeys:     "You have 20 passkeys. Remove one to add another.",
	store.CodeSignedOut:           "You are no longer signed in. Please sign in again.",
	store.CodeSessionEnded:        "That browser is no longer signed in.",

	store.CodeDisplayNameCharacters: "A name cannot have invisible characters in it: please type it again.",
	store.CodeDisplayNameLong:       "A name has at most 64 characters.",
	store.CodeDisplayNameEmpty:      "A name has at least one letter, digit or symbol.",
	store.CodeDisplayNameTaken:      "This name looks like someone else's username: please choose another.",
	store.CodeDisplayNameReserved:   "This name is reserved for the site: please choose another.",
	store.CodeAboutCharacters:       "The text has a character in it that cannot be shown. Please remove it.",
	store.CodeAboutLong:             "The text has at most 500 characters: please make it shorter.",
	store.CodePrivateFrom:           "Please choose who may write to you in private.",
	store.CodeNotificationKind:      "One of the kinds you chose does not exist. Please choose again.",
	store.CodeDigestRate:            "Please choose how often you want mail about what you missed.",
	store.CodeDigestLinkInvalid:     "A link in a mail works for 90 days, and only until you change your email. You can choose in your settings what mail you get.",
	store.CodeNotificationGone:      "This notification no longer exists.",
	store.CodePictureGone:           "This picture no longer exists.",

	store.CodeUserUnknown:     "Nobody here has this name.",
	store.CodeUserDeleted:     "This account was deleted.",
	store.CodeOwnerNeeded:     "You own this plaza. You cannot leave it while others have accounts here.",
	store.CodeYourself:        "That is you.",
	store.CodeRequestAnswered: "This request was already answered.",
	store.CodeRequestGone:     "This request no longer exists: it was cancelled or answered.",
	store.CodeNotFriends:      "You are not friends.",
	store.CodeTooManyBlocks:   "You have blocked 1,000 people. You cannot block more.",

	store.CodeRoomUnknown:      "There is no such room. It may have been closed.",
	store.CodeGroupNameMissing: "A group has a name: what is it about, or who is in it?",
	store.CodeGroupEmpty:       "Choose at least one friend.",
	store.CodeGroupNotFriends:  "You can only choose friends. Someone you chose is not your friend.",

	store.CodeMessageEncoding:   "The message is not valid text (UTF-8). Please type it again.",
	store.CodeMessageCharacters: "The message has a character in it that cannot be shown. Please remove it.",
	store.CodeMessageEmpty:      "There is nothing in the message yet: write something first.",
	store.CodeMessageLong:       "A message has at most 4,000 characters: please make it shorter, or send two.",
	store.CodeMessageNonce:      "The message came without its number (nonce). Please reload the page and send it again.",
	store.CodeMessageRoom:       "The message came without its room. Please reload the page and send it again.",
	store.CodeMessageRepeat:     "This message was sent before with another text; the first one stands. Please send the new text as a new message.",
	store.CodeMessageRefused:    "This conversation changed just now. Please send the message again.",

	store.CodeMessageUnknown:   "There is no such message.",
	store.CodeMessageOfAnother: "Only the author of a message can do that.",
	store.CodeMessageDeleted:   "This message was deleted.",
	store.CodeMessageEdited:    "This message was changed on another page or device. Both texts are below: save the one that should stay.",
	store.CodePinForbidden:     "Only the owner can pin messages here.",
	store.CodeTooManyPins:      "100 messages are pinned here. Unpin one to pin another.",
	store.CodeTooManySaved:     "You have saved 1,000 messages. Remove one to save another.",
	store.CodeReplyUnknown:     "There is no such message to reply to. Send this as a message of its own.",
	store.CodeReplyDeleted:     "The message that you reply to was deleted. Send this as a message of its own.",
	store.CodeMessageErased:    "It is too late to undo this: the text is gone.",
	store.CodeNoEmoji:          "A reaction is one emoji.",
	store.CodeTooManyReactions: "This message has 20 different reactions. Choose one of them.",

	store.CodeSetupNeeded:      "This site is not set up yet. Its owner opens the address that plaza printed when it started.",
	store.CodeSetupLinkInvalid: "This setup link no longer works, since another one was made. On the site's machine, “plaza setup-link” prints a new one.",
	store.CodeSetupOver:        "This site has an owner.",
	store.CodeInviteNeeded:     "To create an account here, you need an invitation.",
	store.CodeInviteInvalid:    "This invitation no longer works. Ask for another one.",
	store.CodeInviteNoteLong:   "A note has at most 100 characters.",
	store.CodeInviteUses:       "A link can be used once to 1,000 times.",
	store.CodeInviteLifetime:   "A link works for a minute at least, and for a year at most.",
	store.CodeTooManyInvites:   "You have 100 links that work. Revoke one to make another.",
	store.CodeHoneypot:         "A program has filled in this form. If you are a person, load the page again, and fill in only what you see.",
	store.CodeClosed:           "Registration is closed.",

	store.CodeSiteNameLong:  "A name has at most 40 characters.",
	store.CodeChoiceUnknown: "Please choose one of these.",

	store.CodeRestarting:     "The site is restarting. Please try again in a moment.",
	store.CodeTooManySignIns: "Many people are signing in right now. Please try again in a moment.",
	store.CodeTooManyUploads: "Many people are changing their pictures right now. Please try again in a moment.",
}

func (english) unregistrable(why store.Code) (title, says string) {
	switch why {
	case store.CodeSetupNeeded:
		return "This site is not set up yet", "Its owner comes first. When plaza started, it printed an address that makes the owner's account. " +
			"If it is lost, “plaza setup-link” prints another one, on the machine where the site runs."
	case store.CodeSetupLinkInvalid:
		return "This link no longer works", "Another setup link was made since, and only the newest one works. " +
			"If you have lost it, “plaza setup-link” prints another one, on the machine where the site runs."
	case store.CodeSetupOver:
		return "This site is set up", "A setup link works once, and this site has an owner. If that is you, sign in."
	case store.CodeInviteNeeded:
		return "You need an invitation", "To create an account here, ask somebody who is here for a link. If you have an account, sign in."
	case store.CodeInviteInvalid:
		return "This invitation no longer works", "It was used up, it was revoked, or it is too old. Ask for another one."
	case store.CodeClosed:
		return "Registration is closed", "This site takes no new accounts now. If you have one, sign in."
	}
	return "", ""
}

func (english) registration(r store.Registration) (label, help string) {
	switch r {
	case store.RegistrationOpen:
		return "Anyone", "Anyone who finds the site can create an account."
	case store.RegistrationInvite:
		return "People with an invitation", "Anyone with a link from somebody here can create an account."
	case store.RegistrationClosed:
		return "Nobody", "The site takes no new accounts."
	}
	return "", ""
}

func (english) invitesBy(by store.InvitesBy) (label, help string) {
	switch by {
	case store.InvitesByOwners:
		return "Owners", "Only owners can make links."
	case store.InvitesByMembers:
		return "Everyone here", "Each member can make links. Links of members stop working if you choose owners again."
	}
	return "", ""
}

func (english) inviteUses(used, uses int) string {
	if uses == 1 {
		return [...]string{"Not used yet.", "Used."}[min(used, 1)]
	}
	return fmt.Sprintf("Used %d of %d times.", used, uses)
}

func (english) inviteName(i store.Invite) string {
	if i.Note != "" {
		return i.Note
	}
	return "the link of " + exactTime(i.MadeAt)
}

func (english) mend() string { return "Please correct what is marked below." }

func (english) refusal(r picture.Refusal) string {
	switch r {
	case picture.Missing:
		return "There is no picture yet. Please choose one first."
	case picture.LargeFile:
		return "This file is larger than 10 MB. Please choose a smaller one."
	case picture.UnknownFormat:
		return "We cannot read this file as a picture. Please choose a PNG, JPEG, GIF or WebP."
	case picture.TooManyPixels:
		return "This picture has more than 16 megapixels. Please choose a smaller one."
	case picture.Damaged:
		return "This picture is damaged or cut off. Please choose another one."
	case picture.TooComplex:
		return "This picture takes too long to read. Please save it in another format, or choose another one."
	case picture.Dazzling:
		return "This picture has highlights brighter than white (HDR). Please save it without them, or choose another one."
	case picture.CropOutside:
		return "The part that you chose is not inside the picture. Please choose again."
	}
	return ""
}

func (english) tooMany(wait time.Duration) string {
	much := englishCount(int(math.Ceil(wait.Hours())), "hour")
	if minutes := int(math.Ceil(wait.Minutes())); minutes < 120 {
		much = englishCount(minutes, "minute")
	}
	if seconds := int(math.Ceil(wait.Seconds())); seconds < 120 {
		much = englishCount(seconds, "second")
	}
	return "That was a little fast. Please try again in " + much + "."
}

func (english) status(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "The request could not be understood. Please go back and try again."
	case http.StatusUnauthorized:
		return "Please sign in first."
	case http.StatusForbidden:
		return "This request came from another site, so it was not carried out."
	case http.StatusNotFound:
		return "There is nothing at this address. It may have been moved or removed."
	case http.StatusMethodNotAllowed:
		return "This address does not work that way. Please go back and use the page's own buttons."
	case http.StatusRequestTimeout:
		return "The connection was too slow to send this. Please try again, or send less."
	case http.StatusRequestEntityTooLarge:
		return "This is more than the site takes at once. Please send less."
	case http.StatusMisdirectedRequest:
		return "This server has no site by that name. Please check the address."
	case http.StatusInternalServerError:
		return "Something went wrong on our side. The error was logged. Please try again in a moment."
	case http.StatusServiceUnavailable:
		return "The site cannot do this right now. Nothing is lost; please try again in a moment."
	}
	return ""
}

func (english) statusTitle(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed:
		return "That does not work"
	case http.StatusForbidden:
		return "That is not allowed"
	case http.StatusNotFound:
		return "There is nothing here"
	case http.StatusRequestTimeout:
		return "That took too long"
	case http.StatusRequestEntityTooLarge:
		return "That is too big"
	case http.StatusUnprocessableEntity, http.StatusConflict:
		return "That did not work"
	case http.StatusTooManyRequests:
		return "A little slower, please"
	case http.StatusServiceUnavailable:
		return "Back in a moment"
	}
	return "That was our mistake"
}

func (english) outage() string { return "Messages cannot be saved now. Yours wait here." }

func (english) closed(reason store.ClosedReason, name string) string {
	switch reason {
	case store.ClosedByDeletion:
		return "This account was deleted. Its messages stay readable."
	case store.ClosedByBlock:
		return fmt.Sprintf("You have blocked %s. Unblock them to write.", name)
	case store.ClosedToAll:
		return name + " does not accept private messages."
	case store.ClosedToOthers:
		return name + " accepts private messages only from friends."
	}
	return ""
}
