package handlers

import (
	"context"
	"time"

	"plaza/handlers/live"
	"plaza/store"
)

// siteEventsInterval is how often the server reads the site's events, which any process may have
// added. The sockets of a session must close within a second of its end.
const siteEventsInterval = 400 * time.Millisecond

// watchSiteEvents applies the events of all servers until ctx ends.
func (s *Server) watchSiteEvents(ctx context.Context) {
	var mark int64
	live.Every(ctx, siteEventsInterval, s.hub.HasEvents(), func() {
		events, err := s.store.SiteEvents(ctx, mark)
		if err != nil {
			s.logTrouble(ctx, "read the site's events", err)
			s.recheckHealth()
			return
		}
		s.applySiteEvents(events)
		if events.Site || !s.site.isRead() {
			if err := s.site.read(ctx); err != nil { // and the next turn tries it again
				s.logTrouble(ctx, "read the site's settings", err)
				return
			}
		}
		mark = events.Mark
	})
}

// applySiteEvents closes the sockets of sessions that ended. If users changed, it drops the caches
// that hold their names and pictures, and shows the change on open pages.
func (s *Server) applySiteEvents(events store.SiteEvents) {
	for _, session := range events.Ended {
		s.hub.EndSession(live.SessionKey(session))
	}
	if len(events.Changed) == 0 {
		return
	}
	s.mentions.forget()
	s.hub.Refresh()
	s.peopleChanged.Add(1)
	var people []live.Person
	for _, user := range events.Changed {
		if !user.Deleted { // whose connections are about to close
			people = append(people, personOf(user))
		}
	}
	s.hub.Change(people)
}
