package handlers

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"plaza/static"
)

func ipNet(prefix netip.Prefix) *net.IPNet {
	prefix = prefix.Masked()
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
}

// maxForm is the largest form that the server reads. It fits a message of 4,000 code points of four bytes
// each, of which browsers encode each byte as three characters.
const maxForm = 64 << 10 // bytes

// routes returns all routes of the site, in the order of the contract.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = s.answerError
	e.IPExtractor = clientAddress(s.trustedProxies)
	// secure comes first, so that the errors of other middleware carry its headers too.
	bodyLimit := middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{
		Limit: strconv.Itoa(maxForm), Skipper: isUpload,
	})
	e.Use(s.secure, s.logRequest, s.recoverPanic, s.checkHost, bodyLimit, s.refuseCrossOrigin, readBody, s.readSettings)

	e.GET("/", s.getHome)
	e.GET("/register", s.getRegister)
	e.POST("/register", s.postRegister)
	e.GET("/setup", s.getSetup)
	e.POST("/setup", s.postSetup)
	e.GET("/invite/:code", s.getInvite)
	e.GET(ownInvites, s.inviting(s.getInvites))
	e.POST(ownInvites, s.inviting(s.postInvite))
	e.POST(ownInvites+"/revoke", s.members(s.postRevokeInvite))
	e.GET(allInvites, s.owners(s.getInvites))
	e.POST(allInvites, s.owners(s.postInvite))
	e.POST(allInvites+"/revoke", s.owners(s.postRevokeInvite))
	e.GET(siteSettingsPath, s.owners(s.getSite))
	e.POST(siteSettingsPath, s.owners(s.postSite))
	e.GET("/login", s.getLogin)
	e.POST("/login", s.postLogin)
	e.GET("/login/code", s.getLoginCode)
	e.POST("/login/code", s.postLoginCode)
	e.POST("/logout", s.postLogout)
	if s.sendsMail() {
		e.GET("/forgot", s.getForgot)
		e.POST("/forgot", s.postForgot)
		e.GET("/reset", s.getReset)
		e.POST("/reset", s.postReset)
		e.GET("/digest/off", s.getDigestOff)
		e.POST("/digest/off", s.postDigestOff)
		e.GET("/digest/ended", s.getDigestEnded)
	}
	if s.provider != nil {
		e.GET("/oidc/start", s.getProviderStart)
		e.GET("/oidc/callback", s.getProviderCallback)
		e.GET(providerLinkPath, s.getProviderLink)
		e.POST(providerLinkPath, s.postProviderLink)
		e.GET("/settings/oidc", s.members(s.getProviderSettings))
		e.POST("/settings/oidc", s.members(s.postProviderSettings))
		e.GET("/settings/oidc/:id/remove", s.members(s.getProviderRemove))
		e.POST("/settings/oidc/:id/remove", s.members(s.postProviderRemove))
	}
	e.GET("/ws", s.getStream)
	e.POST("/messages", s.postMessage)
	e.POST("/messages/preview", s.members(s.postPreview))
	e.GET("/messages", s.members(s.getMessages))
	e.GET("/messages/:room/:seq", s.members(s.getThread))
	e.GET("/messages/:room/:seq/edit", s.members(s.getEdit))
	e.POST("/messages/:room/:seq/edit", s.members(s.postEdit))
	e.GET("/messages/:room/:seq/history", s.members(s.getHistory))
	e.POST("/messages/:room/:seq/delete", s.members(s.postDelete))
	e.POST("/messages/:room/:seq/restore", s.members(s.postRestore))
	e.GET("/messages/:room/:seq/reactions", s.members(s.getReactions))
	e.POST("/messages/:room/:seq/reactions", s.members(s.postReaction))
	e.POST("/messages/:room/:seq/reactions/remove", s.members(s.postRemoveReaction))
	e.GET("/messages/reactions", s.members(s.getOwnReactions))
	e.POST("/messages/:room/:seq/save", s.members(s.postSave))
	e.POST("/messages/:room/:seq/unsave", s.members(s.postUnsave))
	e.POST("/messages/:room/:seq/pin", s.members(s.postPin))
	e.POST("/messages/:room/:seq/unpin", s.members(s.postUnpin))
	e.POST("/messages/:room/:seq/unread", s.members(s.postUnread))
	e.POST("/drafts", s.members(s.postDraft))
	e.POST("/drafts/restore", s.members(s.postDraftRestore))
	e.GET("/saved", s.members(s.getSaved))
	e.GET("/u/:username", s.getProfile)
	e.GET("/u/:username/picture", s.getPicture)
	e.GET("/u/:username/card", s.members(s.getCard))
	e.GET("/search", s.getSearch)
	e.GET("/switch", s.members(s.getSwitch))
	e.GET("/complete", s.members(s.getComplete))
	e.GET("/navigation", s.members(s.getNavigation))
	e.POST("/friends/:username/request", s.members(s.relate(s.store.RequestFriend, nil)))
	e.POST("/friends/:username/cancel", s.members(s.relate(s.store.CancelRequest, waitsForNobody)))
	e.POST("/friends/:username/accept", s.members(s.relate(s.store.AcceptRequest, areFriends)))
	e.POST("/friends/:username/decline", s.members(s.relate(s.store.DeclineRequest, waitsForNobody)))
	e.POST("/friends/:username/remove", s.members(s.relate(s.store.RemoveFriend, areNoFriends)))
	e.GET("/blocks/:username", s.members(s.getBlock))
	e.POST("/blocks/:username", s.members(s.relate(s.store.Block, nil)))
	e.POST("/blocks/:username/remove", s.members(s.relate(s.store.Unblock, nil)))
	e.GET("/friends", s.members(s.getFriends))
	e.GET("/dm", s.members(s.getConversations))
	e.GET("/dm/:username", s.members(s.getPrivate))
	e.POST("/dm/new", redirectNewGroup)
	e.GET("/groups/new", s.members(s.getNewGroup))
	e.POST("/groups/new", s.members(s.postNewGroup))
	e.GET("/groups/leave", s.members(s.getLeaveGroups))
	e.POST("/groups/leave", s.members(s.postLeaveGroups))
	e.GET("/rooms/:room", s.members(s.getRoom))
	e.POST("/rooms/:room/read", s.members(s.postRead))
	e.GET("/rooms/:room/pins", s.members(s.getPins))
	e.GET("/rooms/:room/members", s.members(s.inGroup(s.getMembers)))
	e.POST("/rooms/:room/members", s.members(s.inGroup(s.postMembers)))
	e.POST("/rooms/:room/name", s.members(s.inGroup(s.postGroupName)))
	e.POST("/rooms/:room/leave", s.members(s.postLeave))
	e.GET("/notifications", s.members(s.getNotifications))
	e.GET("/notifications/open", s.members(s.getNotificationOpen))
	e.POST("/notifications/open", s.members(s.postNotificationOpen))
	e.POST("/notifications/read", s.members(s.postNotificationsRead))
	e.GET("/settings", s.members(s.getSettings))
	e.GET("/settings/profile", s.members(s.getProfileSettings))
	e.POST("/settings/profile", s.members(s.postProfileSettings))
	e.GET("/settings/username", s.members(s.getUsernameSettings))
	e.POST("/settings/username", s.members(s.postUsernameSettings))
	e.GET("/settings/email", s.members(s.getEmailSettings))
	e.POST("/settings/email", s.members(s.postEmailSettings))
	if s.sendsMail() {
		e.POST("/settings/email/again", s.members(s.postEmailAgain))
		e.POST("/settings/email/cancel", s.members(s.postEmailCancel))
		e.GET("/settings/email/confirm", s.getEmailConfirm)
		e.POST("/settings/email/confirm", s.postEmailConfirm)
		e.GET("/settings/email/confirmed", s.getEmailConfirmed)
	}
	e.GET("/settings/private", s.members(s.getPrivacySettings))
	e.POST("/settings/private", s.members(s.postPrivacySettings))
	e.GET("/settings/password", s.members(s.getPasswordSettings))
	e.POST("/settings/password", s.members(s.postPasswordSettings))
	e.GET(pictureSettings, s.members(s.getPictureSettings))
	e.POST(pictureSettings, s.members(s.postPicture))
	e.POST("/settings/picture/remove", s.members(s.postRemovePicture))
	e.GET("/settings/notifications", s.members(s.getNotificationSettings))
	e.POST("/settings/notifications", s.members(s.postNotificationSettings))
	e.GET("/settings/sessions", s.members(s.getSessionSettings))
	e.POST("/settings/sessions/revoke", s.members(s.postRevoke))
	e.GET(securitySettings, s.members(s.getSecuritySettings))
	e.GET("/settings/totp/begin", s.members(s.getTOTPBegin))
	e.POST("/settings/totp/begin", s.members(s.postTOTPBegin))
	e.GET("/settings/totp/confirm", s.members(toSecuritySettings))
	e.POST("/settings/totp/confirm", s.members(s.postTOTPConfirm))
	e.GET("/settings/totp/remove", s.members(s.getTOTPRemove))
	e.POST("/settings/totp/remove", s.members(s.postTOTPRemove))
	e.GET("/passkeys/register", s.members(s.getPasskeyRegister))
	e.POST("/passkeys/register/begin", s.members(s.postPasskeyRegisterBegin))
	e.POST("/passkeys/register/finish", s.members(s.postPasskeyRegisterFinish))
	e.POST("/passkeys/login/begin", s.postPasskeyLoginBegin)
	e.POST("/passkeys/login/finish", s.postPasskeyLoginFinish)
	e.GET("/passkeys/:id/remove", s.members(s.getPasskeyRemove))
	e.POST("/passkeys/:id/remove", s.members(s.postPasskeyRemove))
	e.GET(themeSettings, s.members(s.getThemeSettings))
	e.GET("/settings/data", s.members(s.getDataSettings))
	e.GET("/settings/export", s.members(s.getExport))
	e.GET("/settings/delete", s.members(s.getDeleteSettings))
	e.POST("/settings/delete", s.members(s.postDeleteSettings))
	e.POST("/theme", s.postTheme)
	e.GET("/viewer.css", s.members(s.getViewerStylesheet))
	e.GET(healthPath, s.getHealth)
	e.GET("/robots.txt", siteFile("robots.txt", "text/plain; charset=utf-8"))
	e.GET("/favicon.ico", siteFile("favicon.ico", "image/x-icon"))
	e.GET("/apple-touch-icon.png", siteFile("touch-icon.png", "image/png"))
	e.GET("/static/*", echo.WrapHandler(http.HandlerFunc(static.Serve)))
	return e
}

// pictureSettings is the path of the upload of a picture. readUpload bounds its size.
const pictureSettings = "/settings/picture"

func isUpload(c echo.Context) bool { return c.Path() == pictureSettings }

// clientAddress extracts the client's address: the peer's, or if the peer is a trusted proxy, the address
// that the proxy forwards for.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range trusted {
		options = append(options, echo.TrustIPRange(ipNet(prefix)))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
