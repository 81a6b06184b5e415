package gallery

import (
	"strings"
	"time"

	"plaza/store"
	"plaza/views"
)

// settings returns a page of settings with the states of a member.
func settings(p views.Page) views.SettingsPage {
	return views.SettingsPage{Page: p, State: store.Settings{
		Privacy: store.Privacy{From: store.Friends, Receipts: true}, Muted: 2, Sessions: 3, EmailVerified: true,
		PasswordChangedAt: time.Now().Add(-21 * 24 * time.Hour),
	}}
}

// saved returns a page that says that a form was saved.
func saved(p views.SettingsPage) views.SettingsPage {
	p.Saved = true
	return p
}

// longStates returns a page of settings whose states are long.
func longStates(p views.Page) views.SettingsPage {
	viewer := user(lengthy)
	viewer.Email = "a@mail.analytical-engine.department-of-weights-and-measures.example.com"
	viewer.Theme = "dark"
	p.Viewer = &viewer
	return views.SettingsPage{Page: p, State: store.Settings{
		Privacy: store.Privacy{From: store.Anyone}, Muted: len(store.ChosenKinds()), Sessions: 100, EmailWaiting: true,
	}}
}

func allSettings(theme string) []Entry {
	return []Entry{
		{"settings", views.Settings(settings(member(theme)), views.ProfileForm{DisplayName: "Ada Lovelace", About: "Numbers."})},
		{"settings-profile", views.ProfileSettings(saved(settings(member(theme))), views.ProfileForm{DisplayName: "Ada Lovelace", About: "Numbers.", SeenHidden: true})},
		{"settings-profile-errors", views.ProfileSettings(settings(member(theme)), views.ProfileForm{
			DisplayName: "bo", Submission: views.Submission{Errors: map[string]string{"display_name": "This name looks like someone else's username: please choose another."}},
		})},
		{"settings-picture", views.PictureSettings(settings(member(theme)), views.PictureForm{User: user(ada)})},
		{"settings-picture-error", views.PictureSettings(settings(member(theme)), views.PictureForm{
			User: user(photographed), Submission: views.Submission{Errors: map[string]string{"picture": "This picture has more than 16 megapixels. Please choose a smaller one."}},
		})},
		{"settings-picture-saved", views.PictureSettings(saved(settings(member(theme))), views.PictureForm{User: user(photographed)})},
		{"settings-email", views.EmailSettings(settings(member(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true}, views.WaitingEmail{})},
		{"settings-email-waiting", views.EmailSettings(settings(member(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Email: "augusta.ada.king-countess-of-lovelace@mail.analytical-engine.example.com"})},
		{"settings-email-again", views.EmailSettings(settings(member(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Email: "lovelace@example.com", Again: true})},
		{"settings-email-unverified", views.EmailSettings(settings(unconnected(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Unasked: true})},
		{"settings-email-own", views.EmailSettings(settings(unconnected(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Email: "ada@example.com", Own: true})},
		{"settings-email-refused", views.EmailSettings(settings(unconnected(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Refused: true})},
		{"settings-email-waiting-refused", views.EmailSettings(settings(unconnected(theme)), views.EmailForm{Username: "ada", Email: "ada@example.com", Hidden: true},
			views.WaitingEmail{Email: "lovelace@exmaple.com", Refused: true})},
		{"settings-email-errors", views.EmailSettings(settings(member(theme)), views.EmailForm{
			Username: "ada", Email: "ada@", Submission: views.Submission{Errors: map[string]string{"email": "This does not look like an email address."}},
		}, views.WaitingEmail{})},
		{"settings-username", views.UsernameSettings(settings(member(theme)), views.UsernameForm{Username: "ada"})},
		{"settings-username-waits", views.UsernameSettings(settings(member(theme)), views.UsernameForm{
			Username: "countess", Again: time.Date(2126, 12, 24, 9, 0, 0, 0, time.UTC),
			Submission: views.Submission{Errors: map[string]string{"username": "You can change your username again on 24 December 2126."}},
		})},
		{"settings-password", views.PasswordSettings(settings(member(theme)), views.PasswordForm{
			Username:   "ada",
			Submission: views.Submission{Errors: map[string]string{"current_password": "This is not your password. Please type it again."}},
		})},
		{"settings-password-saved", views.PasswordSettings(saved(settings(member(theme))), views.PasswordForm{Username: "ada"})},
		{"settings-notifications", views.NotificationSettings(saved(settings(unconnected(theme))), views.NotificationsForm{
			Wanted: map[store.NotificationKind]bool{store.FriendRequest: true, store.Mentioned: true}, Mails: true, Digest: store.DailyDigest,
		})},
		{"settings-notifications-refused", views.NotificationSettings(settings(unconnected(theme)), views.NotificationsForm{
			Submission: views.Submission{Error: "One of the kinds you chose does not exist. Please choose again."},
		})},
		{"settings-delete", views.DeleteSettings(settings(member(theme)), views.DeleteForm{Username: "ada"})},
		{"settings-delete-refused", views.DeleteSettings(settings(member(theme)), views.DeleteForm{
			Username: "ada", Erase: true, Submission: views.Submission{Error: "You own this plaza. You cannot leave it while others have accounts here."},
		})},
		{"settings-sessions", views.SessionSettings(settings(member(theme)), []views.Session{
			{ID: "01", Browser: "Firefox on Linux", Since: longAgo, UsedAt: longAgo, Current: true, OpenedBy: store.OpenedByRegistration},
			{ID: "02", Browser: "Safari on iOS", Since: longAgo, UsedAt: longAgo, OpenedBy: store.OpenedByCode},
			{ID: "03", Browser: "Chrome on Windows", Since: longAgo, UsedAt: longAgo, OpenedBy: store.OpenedByRecoveryCode},
		})},
		{"settings-sessions-alone", views.SessionSettings(saved(settings(member(theme))), []views.Session{
			{ID: "01", Browser: "Firefox on Linux", Since: longAgo, UsedAt: longAgo, Current: true, OpenedBy: store.OpenedByRegistration},
		})},
		{"settings-security", views.SecuritySettings(settings(member(theme)), views.Security{})},
		{"settings-security-on", views.SecuritySettings(saved(settings(unconnected(theme))), views.Security{
			SecondFactor: store.SecondFactor{Since: longAgo, RecoveryCodes: 9},
			Passkeys: []store.Passkey{
				{ID: 1, Name: "Firefox on Linux", Since: longAgo, UsedAt: longAgo},
				{ID: 2, Name: strings.Repeat("Schlüsselbund", 4), Since: longAgo},
				{ID: 3, Name: "مفتاح الهاتف", Since: longAgo, UsedAt: longAgo},
			},
		})},
		{"settings-security-no-codes", views.SecuritySettings(settings(member(theme)), views.Security{Unnamed: true, SecondFactor: store.SecondFactor{Since: longAgo}})},
		{"settings-security-linked", views.SecuritySettings(settings(unconnected(theme)), views.Security{
			Provider: "id.example.org", Identities: []store.LinkedIdentity{
				{ID: 1, Identity: store.Identity{Name: "ada@example.org"}, Since: longAgo, UsedAt: longAgo},
				{ID: 2, Identity: store.Identity{Name: "countess-of-lovelace-with-a-long-name@mathematics.example.org"}, Since: longAgo},
			},
		})},
		{"settings-oidc", views.ProviderSettings(settings(unconnected(theme)), views.ProviderSettingsForm{Username: "ada", Provider: "id.example.org"})},
		{"settings-oidc-continue", views.ProviderSettings(settings(unconnected(theme)), views.ProviderSettingsForm{
			Username: "ada", Provider: "id.example.org", Address: "https://id.example.org/authorize",
		})},
		{"settings-oidc-remove", views.ProviderRemove(settings(unconnected(theme)), views.ProviderRemoveForm{
			Username: "ada", Identity: store.LinkedIdentity{ID: 1, Identity: store.Identity{Name: "ada@example.org"}},
		})},
		{"settings-totp-begin", views.TOTPBegin(settings(member(theme)), views.TOTPBeginForm{Username: "ada"})},
		{"settings-totp-confirm", views.TOTPConfirm(settings(member(theme)), views.TOTPConfirmForm{Username: "ada", Host: "chat.example.org", Secret: strings.Repeat("JBSWY3DP", 4)})},
		{"settings-totp-confirm-wrong", views.TOTPConfirm(settings(member(theme)), views.TOTPConfirmForm{
			Username: "ada", Submission: views.Submission{Errors: map[string]string{"code": "This code is wrong, or was used before. Please type the one that the app shows now."}},
		})},
		{"settings-totp-codes", views.RecoveryCodes(settings(unconnected(theme)), []string{
			"7K3M-9QXW-2TBN-4HJD", "0ZC8-VR5F-6PGE-YS1A", "M4NX-8D2K-TQ7W-J3BH", "5F9R-CVZ0-AE6G-P1YS", "WQ7T-H3JB-2KD8-XN4M",
			"G6EA-SY1P-0ZVC-R9F5", "2BTN-DJH4-W9QX-M37K", "8CZ0-F5RV-EGP6-A1SY", "K2D8-3BHJ-7WTQ-4MNX", "Z0CV-9RF5-6GAE-1YSP",
		})},
		{"settings-totp-remove", views.TOTPRemove(settings(unconnected(theme)), views.TOTPRemoveForm{
			Username: "ada", Submission: views.Submission{Errors: map[string]string{"code": "This code is wrong, or was used before. Please type the one that the app shows now."}},
		})},
		{"settings-passkey-add", views.AddPasskey(settings(unconnected(theme)), views.PasskeyForm{Username: "ada", Name: "Firefox on Linux", NeedsCode: true})},
		{"settings-passkey-remove", views.RemovePasskey(settings(unconnected(theme)), views.PasskeyRemoveForm{
			Username: "ada", Passkey: store.Passkey{ID: 1, Name: "Firefox on Linux"},
			Submission: views.Submission{Errors: map[string]string{"password": "This is not your password. Please type it again."}},
		})},
		{"settings-long", views.Settings(longStates(unconnected(theme)), views.ProfileForm{})},
		{"settings-theme", views.ThemeSettings(saved(settings(member(theme))))},
		{"settings-data", views.DataSettings(settings(member(theme)))},
	}
}
