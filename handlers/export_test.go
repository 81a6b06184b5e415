package handlers

import (
	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
)

// Routes returns all routes of a server.
func Routes(s *Server) []*echo.Route { return s.echo.Routes() }

// BoundStreams sets how many live connections a server has, before it has any.
func BoundStreams(s *Server, limits live.Limits) { s.hub = live.NewHub(streamSource{s}, limits, s.bus) }
