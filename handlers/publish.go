package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// publish sends committed entries to the readers of their rooms.
func (s *Server) publish(entries ...store.Message) error {
	for _, entry := range entries {
		change, err := entryOf(entry)
		if err != nil {
			return err
		}
		s.hub.Publish(entry.Room, change)
	}
	return nil
}

// publishPost sends a committed post to the readers of its room.
func (s *Server) publishPost(posted store.Posted) error {
	entry, err := entryOf(posted.Message)
	if err != nil {
		return err
	}
	entry.Last = posted.Last
	s.hub.Publish(posted.Room, entry)
	return nil
}

// entryOf returns a change as the hub sends it.
func entryOf(message store.Message) (live.Entry, error) {
	fragment, err := toBytes(views.Message(message))
	entry := live.Entry{
		Version: message.Version, History: live.History(message.History), Author: message.Author.ID, Fragment: fragment,
	}
	if message.Event == store.Left {
		entry.Leaves = message.Author.ID
	}
	return entry, err
}
