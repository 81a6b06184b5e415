package handlers

// concern has what waits for people shown on their pages: it has changed.
func (s *Server) concern(people ...int64) {}

// touch has the state of private rooms shown on their pages: these are the numbers it has come to.
func (s *Server) touch(states map[int64]int64) {}
