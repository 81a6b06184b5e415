package handlers

// concern has open pages of people show what waits for them by now. It is called once what concerns
// them is committed.
func (s *Server) concern(people ...int64) {}

// touch has the state of private rooms shown on their pages: these are the numbers it has come to.
func (s *Server) touch(states map[int64]int64) {}
