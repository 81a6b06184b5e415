package handlers

import "github.com/labstack/echo/v4"

// Routes returns all routes of a server.
func Routes(s *Server) []*echo.Route { return s.echo.Routes() }
