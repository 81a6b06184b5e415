package handlers

import "context"

// finishDeletions erases the messages of deleted users who asked for that, and the messages of rooms
// that have no member left, and makes text of the links to deleted users. It goes on after ctx has ended: open pages
// must show what is erased.
func (s *Server) finishDeletions(ctx context.Context) {
	versions, err := s.store.FinishDeletions(context.WithoutCancel(ctx))
	if err != nil {
		s.logTrouble(ctx, "finish deletions", err)
	}
	for room, version := range versions {
		s.hub.Expect(room, version)
	}
	changed, err := s.store.UnlinkMentions(context.WithoutCancel(ctx), s.markdown)
	if err != nil {
		s.logTrouble(ctx, "make text of the links to deleted users", err)
	}
	if changed {
		s.hub.Refresh()
		s.bus.Events()
	}
}
