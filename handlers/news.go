package handlers

import (
	"context"
	"time"

	"plaza/handlers/live"
	"plaza/store"
)

// newsPoll is how often the store is asked what happened, by whatever process: the sockets of a
// session that ended have a second to live.
const newsPoll = 400 * time.Millisecond

// watchNews acts upon what happened on any server, until ctx ends.
func (s *Server) watchNews(ctx context.Context) {
	var mark int64
	ticker := time.NewTicker(newsPoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.hub.HasEvents():
		}
		news, err := s.store.News(ctx, mark)
		if err != nil {
			s.logTrouble(ctx, "ask what happened", err)
			s.doubtHealth()
			continue
		}
		mark = news.Mark
		s.act(news)
	}
}

// act closes the sockets of sessions that ended, forgets what was made of people that changed, and
// has open pages show how these look by now.
func (s *Server) act(news store.News) {
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
		if !user.IsDeleted() { // whose connections are about to close
			people = append(people, personOf(user))
		}
	}
	s.hub.Change(people)
}
