package gallery

import (
	"strconv"
	"strings"
	"time"

	"plaza/store"
	"plaza/views"
	"plaza/views/markdown"
)

func accounts(theme string) []Entry {
	nobody := visitor(theme)
	nobody.Online = 0
	one := visitor(theme)
	one.Online = 1
	hiding := user(ada)
	hiding.EmailHidden, hiding.SeenHidden = true, true
	return []Entry{
		{"welcome", views.Welcome(visitor(theme))},
		{"welcome-nobody", views.Welcome(nobody)},
		{"welcome-one", views.Welcome(one)},
		{"register", views.Register(visitor(theme), views.RegisterForm{})},
		{"register-errors", views.Register(visitor(theme), views.RegisterForm{
			Username: "аda", Email: "ada@",
			Submission: views.Submission{Errors: map[string]string{
				"username":         "This name looks like that of somebody who is already here. Please choose another one.",
				"email":            "This does not look like an email address.",
				"password":         "This password is one of the commonest, and would be guessed soon. Please choose another one.",
				"password_confirm": "The two passwords differ.",
			}},
		})},
		{"register-too-fast", views.Register(visitor(theme), views.RegisterForm{
			Username: "ada", Email: "ada@example.com",
			Submission: views.Submission{Error: "That were many accounts from your network. Please try again in 10 minutes."},
		})},
		{"register-setup-needed", views.Unregistrable(visitor(theme), store.CodeSetupNeeded)},
		{"register-setup-link-invalid", views.Unregistrable(visitor(theme), store.CodeSetupLinkInvalid)},
		{"register-setup-over", views.Unregistrable(visitor(theme), store.CodeSetupOver)},
		{"register-invited", views.Register(visitor(theme), views.RegisterForm{Invite: "0198f3", Host: lengthy.Name()})},
		{"register-provider", views.Register(visitor(theme), views.RegisterForm{Provider: "id.example.org", Identity: "ada@example.org"})},
		{"register-invite-needed", views.Unregistrable(visitor(theme), store.CodeInviteNeeded)},
		{"register-invite-invalid", views.Unregistrable(visitor(theme), store.CodeInviteInvalid)},
		{"invites", views.Invites(invitingPage(theme), views.NewInviteForm(), views.InviteList{Path: "/invites", Invites: invites()[:2], Saved: true})},
		{"invites-none", views.Invites(invitingPage(theme), views.NewInviteForm(), views.InviteList{Path: "/invites"})},
		{"invites-errors", views.Invites(invitingPage(theme), views.InviteForm{
			Uses: "0", Expires: "never", Submission: views.Submission{Error: "Please correct what is marked below.", Errors: map[string]string{
				"uses": "A link can be used once to 1,000 times.", "expires": "A link works for a minute at least, and for a year at most.",
			}},
		}, views.InviteList{Path: "/invites"})},
		{"invites-all", views.Invites(invitingPage(theme), views.NewInviteForm(), views.InviteList{Path: "/admin/invites", OfAll: true, Invites: invites()})},
		{"register-closed", views.Unregistrable(visitor(theme), store.CodeClosed)},
		{"setup", views.Setup(visitor(theme), views.SetupForm{Token: "0198f3"})},
		{"setup-errors", views.Setup(visitor(theme), views.SetupForm{
			Token: "0198f3", SiteName: "The square", RegisterForm: views.RegisterForm{
				Username: "ada", Submission: views.Submission{Errors: map[string]string{"email": "This does not look like an email address."}},
			},
		})},
		{"setup-who", views.SetupSite(named(owner(theme)), views.SiteForm{Site: store.Site{Registration: store.RegistrationOpen, InvitesBy: store.InvitesByOwners}, Path: "/setup"})},
		{"site", views.SiteSettings(named(owner(theme)), views.SiteForm{Site: square, Path: "/admin/site"}, true)},
		{"site-errors", views.SiteSettings(named(owner(theme)), views.SiteForm{
			Site: store.Site{Name: "The square where everyone in the whole wide town talks"}, Path: "/admin/site",
			Submission: views.Submission{Error: "Please correct what is marked below.", Errors: map[string]string{
				"site_name": "A name has at most 40 characters.", "registration": "Please choose one of these.",
			}},
		}, false)},
		{"site-overridden", views.SiteSettings(named(owner(theme)), views.SiteForm{Site: square, Overridden: true, Path: "/admin/site"}, false)},
		{"welcome-named", views.Welcome(named(visitor(theme)))},
		{"welcome-closed", views.Welcome(closed(visitor(theme)))},
		{"login", views.Login(visitor(theme), views.LoginForm{Next: "/u/ada", Passkeys: true})},
		{"login-wrong", views.Login(visitor(theme), views.LoginForm{
			Login: "ada", Submission: views.Submission{Error: "The name or the password is not right. Please check both."},
		})},
		{"login-too-fast", views.Login(visitor(theme), views.LoginForm{
			Login: "ada", Submission: views.Submission{Error: "You have tried many times. Please wait 10 minutes, and try again."},
		})},
		{"login-reset", views.Login(visitor(theme), views.LoginForm{Mails: true, Reset: true})},
		{"forgot", views.Forgot(visitor(theme), views.ForgotForm{})},
		{"forgot-too-fast", views.Forgot(visitor(theme), views.ForgotForm{
			Submission: views.Submission{Error: "That was a little fast. Please try again in 2 minutes."},
		})},
		{"forgot-sent", views.ForgotSent(visitor(theme))},
		{"reset", views.Reset(visitor(theme), views.ResetForm{Username: "ada", Token: "0198f3"})},
		{"reset-errors", views.Reset(visitor(theme), views.ResetForm{
			Username: "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", Token: "0198f3",
			Submission: views.Submission{Errors: map[string]string{
				"password":         "A password has at least 8 characters.",
				"password_confirm": "The two passwords differ: please type the same one twice.",
			}},
		})},
		{"reset-useless", views.ResetUseless(visitor(theme), "A link works once, within 30 minutes, and only until another one is sent. Please ask for another one.")},
		{"login-provider", views.Login(visitor(theme), views.LoginForm{Provider: "id.example.org"})},
		{"login-link", views.ProviderLink(visitor(theme), views.ProviderLinkForm{Provider: "id.example.org", Name: "ada@example.org", Next: "/u/ada"})},
		{"login-code", views.LoginCode(visitor(theme), views.CodeForm{Next: "/u/ada"})},
		{"login-code-wrong", views.LoginCode(visitor(theme), views.CodeForm{
			Submission: views.Submission{Errors: map[string]string{"code": "This code is wrong, or was used before. Please type the one that the app shows now."}},
		})},
		{"profile", views.Profile(unconnected(theme), views.Person{User: user(ada), Relation: store.Relation{Self: true}, Friends: []store.Person{bo, mei}, FriendCount: 12, Online: true, About: "<p>Numbers, and what they could do.</p>"})},
		{"profile-hiding", views.Profile(member(theme), views.Person{User: hiding, Relation: store.Relation{Self: true}, Online: true})},
		{"profile-away", views.Profile(member(theme), views.Person{User: user(bo), Relation: store.Relation{Received: true}})},
		{"profile-long", views.Profile(visitor(theme), views.Person{User: user(lengthy), Online: true})},
		{"profile-right-to-left", views.Profile(member(theme), views.Person{User: user(layla), Relation: store.Relation{Friends: true}, Online: true, About: "<p>مساء الخير</p>"})},
		{"profile-about", views.Profile(member(theme), views.Person{User: user(mei), Friends: []store.Person{lengthy, wide, layla}, FriendCount: 3, About: markdown.Render(everyMarkdown, known()).HTML})},
		{"friends", views.Friends(unconnected(theme), views.FriendsPage{
			Requests: store.Requests{Received: []store.Person{layla, lengthy}, Sent: []store.Person{zoe}},
			Friends:  []views.ListedFriend{{Friend: store.Friend{Person: bo}, Online: true}, {Friend: store.Friend{Person: mei, SeenAt: longAgo}}, {Friend: store.Friend{Person: wide, Closed: store.ClosedToAll}}}, Count: 3,
		})},
		{"friends-none", views.Friends(unconnected(theme), views.FriendsPage{})},
		{"friends-long-names", views.Friends(unconnected(theme), views.FriendsPage{
			Friends: []views.ListedFriend{{Friend: store.Friend{Person: lengthy}, Online: true}, {Friend: store.Friend{Person: wide, SeenAt: longAgo}}, {Friend: store.Friend{Person: layla, SeenAt: longAgo}}}, Count: 103, More: true,
		})},
		{"profile-friend", views.Profile(unconnected(theme), views.Person{
			User: user(mei), Relation: store.Relation{Friends: true}, About: "<p>Bread, figs and <strong>honey</strong>.</p>",
			Shared: []store.Person{bo, layla, lengthy, wide, zoe}, SharedCount: 7, Friends: []store.Person{ada, bo, layla, lengthy, wide, zoe}, FriendCount: 18,
		})},
		{"profile-stranger", views.Profile(unconnected(theme), views.Person{User: user(bo), Relation: store.Relation{Closed: store.ClosedToOthers}})},
		{"profile-friend-closed", views.Profile(unconnected(theme), views.Person{User: user(bo), Relation: store.Relation{Friends: true, Closed: store.ClosedToAll}})},
		{"profile-block", views.Block(unconnected(theme), lengthy, store.Relation{Friends: true})},
		{"profile-blocked", views.Profile(unconnected(theme), views.Person{User: user(bo), Relation: store.Relation{Blocked: true, Closed: store.ClosedByBlock}})},
		{"profile-asked", views.Profile(member(theme), views.Person{User: user(mei), Relation: store.Relation{Sent: true, Closed: store.ClosedToOthers}})},
		{"profile-declined", views.Profile(member(theme), views.Person{User: user(mei), Relation: store.Relation{Declined: true, Closed: store.ClosedToOthers}})},
		{"search", views.Search(visitor(theme), views.SearchPage{})},
		{"search-found", views.Search(member(theme), views.SearchPage{Query: "a", People: []views.Friend{{Person: ada}, {Person: layla, Online: true}, {Person: lengthy}}})},
		{"search-more", views.Search(visitor(theme), views.SearchPage{Query: "guest", People: strangers(), More: true})},
		{"search-nobody", views.Search(member(theme), views.SearchPage{Query: "xyz"})},
		{"search-long", views.Search(member(theme), views.SearchPage{Query: strings.Repeat("W", views.MaxQueryLength)})},
		{"email-confirm", views.ConfirmEmail(visitor(theme), store.EmailChange{
			Username: "ada", Email: "augusta.ada.king-countess-of-lovelace@mail.analytical-engine.example.com",
		}, "0198f3")},
		{"email-confirmed", views.EmailConfirmed(visitor(theme))},
		{"digest-off", views.DigestOff(visitor(theme), "ada", "0198f3")},
		{"digest-ended", views.DigestEnded(visitor(theme))},
		{"notifications-kinds", views.Notifications(unconnected(theme), views.NotificationsPage{Notifications: told(), Requests: asked(), Now: longAgo, Unread: 5, More: true})},
		{"notifications-older", views.Notifications(unconnected(theme), views.NotificationsPage{Notifications: told()[5:], Now: longAgo, Before: told()[4].Point()})},
		{"notifications-none", views.Notifications(unconnected(theme), views.NotificationsPage{})},
	}
}

// asked returns the friend requests of the first notification.
func asked() []store.Request {
	return []store.Request{{From: layla, At: longAgo}, {From: lengthy, At: longAgo}}
}

// told returns a notification of each kind. The first five are unread.
func told() []store.Notification {
	public := store.RoomSummary{ID: store.PublicRoom, Kind: store.Public}
	group := store.RoomSummary{ID: 3, Kind: store.Group, Name: "Friends of the fountain, the arcade and the bakery behind it"}
	all := []store.Notification{
		{Kind: store.FriendRequest, Actor: layla, Count: 2},
		{Kind: store.Mentioned, Actor: lengthy, Count: 3, Room: public, Seq: 7, Excerpt: "Is this the right place for questions about the arcade? I have been looking for somebody who knows it for weeks now, and nobody told me where…"},
		{Kind: store.PrivateMessage, Actor: mei, Count: 1, Room: store.RoomSummary{ID: 2, Kind: store.Pair, Other: mei}, Seq: 4, Excerpt: "早上好！我已经在喷泉旁边了。"},
		{Kind: store.Reacted, Actor: zoe, Count: 1, Emoji: "🥖", Room: public, Seq: 5, Excerpt: "I can take the early round. Who needs something?"},
		{Kind: store.Reacted, Actor: lengthy, Count: 12, Emoji: "❤️", Room: public, Seq: 6, Excerpt: "On my way. Five minutes."},
		{Kind: store.PrivateMessage, Actor: wide, Count: 40, Room: group, Seq: 9, Excerpt: "مساء الخير يا جماعة"},
		{Kind: store.SignedInAnew, Count: 1, Browser: "Firefox on Linux"},
		{Kind: store.RequestAccepted, Actor: bo, Count: 1},
		{Kind: store.RequestDeclined, Actor: zoe, Count: 1},
		{Kind: store.Unfriended, Actor: photographed, Count: 1},
		{Kind: store.Mentioned, Actor: bo, Count: 1, Room: public, Seq: 5},
		{Kind: store.PasswordChanged, Count: 1},
		{Kind: store.EmailChanged, Count: 1},
		{Kind: store.EmailUnverified, Count: 1},
		{Kind: store.TwoStepOn, Count: 1},
		{Kind: store.TwoStepOff, Count: 1},
		{Kind: store.RecoveryCodeUsed, Count: 2},
		{Kind: store.PasskeyAdded, Count: 1},
		{Kind: store.PasskeyRemoved, Count: 1},
	}
	for i := range all {
		all[i].ID, all[i].Read = int64(20-i), i >= 5
		all[i].At = longAgo.Add(-time.Duration(i) * time.Hour)
	}
	return all
}

// square is a site with a name as long as there can be.
var square = store.Site{Name: "The square of Wiedenbrück, by the market", Registration: store.RegistrationClosed, InvitesBy: store.InvitesByMembers}

// named is a page of that site.
func named(p views.Page) views.Page {
	p.Site = square
	p.Site.Registration = store.RegistrationOpen
	return p
}

// closed is a page of that site while nobody can register.
func closed(p views.Page) views.Page {
	p.Site = square
	return p
}

// owner is a page as the owner sees it.
func owner(theme string) views.Page {
	page, viewer := unconnected(theme), user(ada)
	viewer.Role = store.Owner
	page.Viewer = &viewer
	return page
}

// invitingPage is a page of a site that only people with an invitation can come to, as the owner sees it.
func invitingPage(theme string) views.Page {
	page := owner(theme)
	page.Site = store.Site{Registration: store.RegistrationInvite, InvitesBy: store.InvitesByOwners}
	page.Origin = "https://plaza.example.org"
	return page
}

// invites returns an invitation in each state. The first two work.
func invites() []store.Invite {
	all := []store.Invite{
		{Note: "For the people of the bakery, the arcade and the fountain, who asked for it last week at the market", Uses: 20, Used: 3, Guests: []store.Person{bo, lengthy, layla}, ExpiresAt: longAgo.Add(7 * 24 * time.Hour)},
		{Uses: 1},
		{Note: "Mei", Uses: 1, Used: 1, Guests: []store.Person{mei}},
		{Note: "مساء الخير", Uses: 5, Revoked: true, ExpiresAt: longAgo},
		{Note: "Too late", Uses: 5, ExpiresAt: longAgo},
	}
	for i := range all {
		all[i].Works = i < 2
		all[i].Code, all[i].Maker, all[i].MadeAt = strings.Repeat("abcdefg", 3)+strconv.Itoa(i), lengthy, longAgo.Add(-time.Hour)
	}
	return all
}
