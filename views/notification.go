package views

import "plaza/store"

// NotificationPath returns the path of the cause of a notification.
func NotificationPath(n store.Notification) string {
	switch n.Kind {
	case store.FriendRequest:
		return "/friends"
	case store.Mentioned, store.Replied, store.Reacted, store.PrivateMessage:
		return messagePath(n.Room, n.Seq)
	case store.SignedInAnew:
		return "/settings/sessions"
	case store.PasswordChanged:
		return "/settings/password"
	case store.EmailChanged, store.EmailUnverified:
		return "/settings/email"
	case store.TwoStepOn, store.TwoStepOff, store.RecoveryCodeUsed, store.PasskeyAdded, store.PasskeyRemoved, store.IdentityLinked, store.IdentityUnlinked:
		return "/settings/security"
	}
	return profilePath(n.Actor.Username)
}
