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
		case <-s.hub.HasNews():
		}
		news, now, err := s.store.News(ctx, mark)
		if err != nil {
			s.logTrouble(ctx, "ask what happened", err)
			s.doubtHealth()
			continue
		}
		mark = now
		s.act(news)
	}
}

// act closes the sockets of sessions that ended, and forgets what was made of people that
// changed.
func (s *Server) act(news []store.News) {
	stale := false
	for _, one := range news {
		if one.Person != 0 {
			stale = true
			continue
		}
		s.hub.EndSession(live.SessionKey(one.Session))
	}
	if stale {
		s.hub.Refresh()
	}
}
