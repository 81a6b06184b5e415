package handlers

import (
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"plaza/static"
)

// maxForm is the largest form that is read: a message of 4,000 code points of four bytes
// each, three characters a byte as browsers encode them, and room to spare.
const maxForm = "64K"

// routes are all of the site, in the order of the contract.
func (s *Server) routes() *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = s.answerError
	e.IPExtractor = clientAddress(s.trustedProxies)
	// The headers come first, so that errors in what follows carry them too.
	e.Use(s.secure, s.logRequest, s.recoverPanic, middleware.BodyLimit(maxForm), s.refuseCrossOrigin)

	// Pages are compressed route by route: a group that compresses would claim every other
	// address too, and answer 404 where a route only does not know the method.
	compressed := middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024})
	get := func(path string, handle echo.HandlerFunc) { e.GET(path, handle, compressed) }
	post := func(path string, handle echo.HandlerFunc) { e.POST(path, handle, compressed) }

	get("/", s.getHome)
	get("/register", s.getRegister)
	post("/register", s.postRegister)
	get("/login", s.getLogin)
	post("/login", s.postLogin)
	post("/logout", s.postLogout)
	e.GET("/ws", s.getStream)
	post("/messages", s.members(s.postMessage))
	post("/messages/preview", s.members(s.postPreview))
	get("/messages", s.members(s.getMessages))
	get("/u/:username", s.getProfile)
	e.GET("/u/:username/picture", s.getPicture)
	post("/theme", s.postTheme)
	get("/viewer.css", s.members(s.getViewerStylesheet))
	e.GET("/healthz", s.getHealth)
	e.GET("/static/*", echo.WrapHandler(http.HandlerFunc(static.Serve)))
	return e
}

// clientAddress finds who asks: the peer, unless it is a trusted proxy, which says whom
// it asks for.
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
