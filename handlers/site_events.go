package handlers

import (
	"context"
	"time"

	"plaza/handlers/live"
	"plaza/store"
)

// siteEventsPoll is how often the store is asked what happened, by whatever process: the sockets of a
// session that ended have a second to live.
const siteEventsPoll = 400 * time.Millisecond

// watchSiteEvents acts upon what happened on any server, until ctx ends.
func (s *Server) watchSiteEvents(ctx context.Context) {
	var mark int64
	ticker := time.NewTicker(siteEventsPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.hub.HasEvents():
		}
		news, err := s.store.SiteEvents(ctx, mark)
		if err != nil {
			s.logTrouble(ctx, "ask what happened", err)
			s.recheckHealth()
			continue
		}
		mark = news.Mark
		s.act(news)
	}
}

// act closes the sockets of sessions that ended, forgets what was made of people that changed, and
// has open pages show how these look by now.
func (s *Server) act(news store.SiteEvents) {
	for _, session := range news.Ended {
		s.hub.EndSession(live.SessionKey(session))
	}
	if len(news.Changed) == 0 {
		return
	}
	s.mentions.forget()
	s.hub.Refresh()
	s.peopleChanged.Add(1)
	var people []live.Person
	for _, user := range news.Changed {
		if !user.Deleted { // whose connections are about to close
			people = append(people, personOf(user))
		}
	}
	s.hub.Change(people)
}
