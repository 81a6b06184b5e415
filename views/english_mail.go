package views

import (
	"fmt"

	"plaza/store"
)

func (english) greeting(username string) string { return "Hello " + username + "," }

func (english) mailFooter(origin string) string { return "This mail comes from the plaza at " + origin }

func (english) confirmationMail() letterWords {
	return letterWords{
		subject: "Confirm your email",
		before:  "You asked to use this address for your account. To confirm it, open this link and press the button on the page:",
		button:  "Confirm this address",
		after:   "The link works once, within a day. If you did not ask for this, ignore this mail. Then nothing changes.",
	}
}

func (english) verificationMail() letterWords {
	return letterWords{
		subject: "Verify your email",
		before:  "Your account has this address. To verify that it is yours, open this link and press the button on the page:",
		button:  "Verify this address",
		after:   "The link works once, within a day. If you have no account there, ignore this mail. Then nothing changes.",
	}
}

func (english) emailChangedMail() letterWords {
	return letterWords{
		subject: "Your email was changed",
		before:  "The email of your account was changed. The account no longer uses this address. If you made this change, you need do nothing. If not, sign in with your username and change your password:",
		button:  "Change the password",
	}
}

func (english) resetMail() letterWords {
	return letterWords{
		subject: "Set a new password",
		before:  "Someone asked for a new password for your account. To choose one, open this link:",
		button:  "Choose a new password",
		after:   "The link works once, within 30 minutes. If you did not ask for this, ignore this mail. Then nothing changes.",
	}
}

func (english) passwordChangedMail() letterWords {
	return letterWords{
		subject: "Your password was changed",
		before:  "The password of your account was changed by a link in a mail to this address. All browsers were signed out. If you did this, you need do nothing. If not, someone else can read your mail: change the password of your mailbox, and then that of your account:",
		button:  "Ask for a new password",
	}
}

func (english) securityMail(kind store.NotificationKind) letterWords {
	says := letterWords{button: "Change the password"}
	switch kind {
	case store.TwoStepOn:
		says.subject = "Two-step sign-in was turned on"
	case store.TwoStepOff:
		says.subject = "Two-step sign-in was turned off"
	case store.RecoveryCodeUsed:
		says.subject = "A recovery code was used to sign in"
	case store.PasskeyAdded:
		says.subject = "A passkey was added to your account"
	case store.IdentityLinked:
		says.subject = "A sign-in by another site was linked to your account"
	case store.IdentityUnlinked:
		says.subject = "A sign-in by another site was removed from your account"
	case store.PasskeyRemoved:
		says.subject = "A passkey was removed from your account"
	}
	says.before = says.subject + ". If that was you, you need do nothing. If not, somebody knows the password of your account. Change it now. Then look at your sessions, passkeys and linked sign-ins, and remove what is not yours:"
	return says
}

func (english) digestMail() letterWords {
	return letterWords{subject: "What you missed", before: "This happened while you were away:", button: "Open your notifications"}
}

func (english) missed(m store.Missed, by string) string {
	switch m.Kind {
	case store.PrivateMessage:
		switch {
		case m.InGroup && m.Count == 1:
			return by + " wrote in a group of yours"
		case m.InGroup:
			return fmt.Sprintf("%d messages in a group of yours, the latest from %s", m.Count, by)
		case m.Count == 1:
			return by + " wrote to you"
		}
		return fmt.Sprintf("%s sent you %d messages", by, m.Count)
	case store.Mentioned:
		return by + " mentioned you" + englishTimes(m.Count)
	case store.FriendRequest:
		if m.Count == 1 {
			return by + " sent you a friend request"
		}
		return fmt.Sprintf("%d people sent you friend requests, the latest is %s", m.Count, by)
	}
	return ""
}

func (english) moreMissed(n int) string { return fmt.Sprintf("and %d more", n) }

func (english) digestEnd() string { return "To get no more of these mails:" }
