package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// publish has the readers of rooms see what was committed there.
func (s *Server) publish(entries ...store.Message) error {
	for _, entry := range entries {
		live, err := entryOf(entry)
		if err != nil {
			return err
		}
		s.hub.Publish(entry.Room, live)
	}
	return nil
}

// publishPost has the readers of its room see a post.
func (s *Server) publishPost(posted store.Posted) error {
	entry, err := entryOf(posted.Message)
	if err != nil {
		return err
	}
	entry.Last = posted.Last
	s.hub.Publish(posted.Room, entry)
	return nil
}

// entryOf is what the hub needs to know of a change.
func entryOf(message store.Message) (live.Entry, error) {
	fragment, err := toBytes(views.Message(message))
	entry := live.Entry{Version: message.Version, Author: message.Author.ID, Fragment: fragment}
	if message.Event == store.Left {
		entry.Leaves = message.Author.ID
	}
	return entry, err
}
