package views

import (
	"time"

	"plaza/store"
)

func (english) pictureState(own bool) string {
	if own {
		return "Your own"
	}
	return "Made from your name"
}

func (english) emailState(short string, s store.Settings) string {
	switch {
	case s.EmailWaiting:
		return short + ", a new one waits"
	case s.EmailRefused:
		return short + ", mail is refused"
	case s.EmailVerified:
		return short + ", verified"
	}
	return short
}

func (english) passwordState(changed time.Time) string {
	if changed.IsZero() {
		return "Never changed"
	}
	return "Changed " + english{}.ago(time.Since(changed))
}

// ago says how long ago something was, roughly.
func (english) ago(passed time.Duration) string {
	const day = 24 * time.Hour
	switch days := int(passed / day); {
	case days < 1:
		return "in the last 24 hours"
	case days < 14:
		return englishCount(days, "day") + " ago"
	case days < 60:
		return englishCount(days/7, "week") + " ago"
	case days < 730:
		return englishCount(days/30, "month") + " ago"
	default:
		return englishCount(days/365, "year") + " ago"
	}
}

func (english) sessionsState(n int) string { return englishCount(n, "browser") }

func (english) securityState(s store.Settings) string {
	passkeys := englishCount(s.Passkeys, "passkey")
	switch {
	case s.TwoStep && s.Passkeys > 0:
		return "Two-step sign-in, " + passkeys
	case s.TwoStep:
		return "Two-step sign-in is on"
	case s.Passkeys > 0:
		return "Password, or " + passkeys
	}
	return "Password only"
}

func (english) recoveryCodesLeft(n int) string {
	if n == 0 {
		return "You have no recovery codes left. To get new ones, turn two-step sign-in off and on again."
	}
	return "You have " + englishCount(n, "recovery code") + " left."
}

func (english) openedBy(by store.OpenedBy) string {
	switch by {
	case store.OpenedByPassword:
		return "Signed in with the password."
	case store.OpenedByCode:
		return "Signed in with the password and a code."
	case store.OpenedByRecoveryCode:
		return "Signed in with the password and a recovery code."
	case store.OpenedByPasskey:
		return "Signed in with a passkey."
	case store.OpenedByProvider:
		return "Signed in by another site."
	case store.OpenedByRegistration:
		return "Signed in at registration."
	}
	return ""
}

func (english) privacyState(p store.Privacy) string {
	who := map[store.Writers]string{store.Friends: "Friends", store.Anyone: "Anyone", store.Nobody: "Nobody"}[p.From]
	if p.Receipts {
		return who + " may write to you"
	}
	return who + " may write, reading is hidden"
}

func (english) notificationsState(muted, all int) string {
	switch muted {
	case 0:
		return "All kinds are on"
	case all:
		return "Only about security"
	}
	return englishCount(muted, "kind") + " muted"
}

func (english) themeState(theme string) string {
	switch theme {
	case "light":
		return "Light"
	case "dark":
		return "Dark"
	}
	return "Follows the system"
}

func (english) dataState() string { return "One file to download" }

func (english) deleteState() string { return "For good" }
