package handlers

// Paths returns the paths of all routes.
func (s *Server) Paths() []string {
	routes := s.echo.Routes()
	paths := make([]string, len(routes))
	for i, route := range routes {
		paths[i] = route.Path
	}
	return paths
}
