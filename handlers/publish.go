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

// publishChanged sends a committed change of a message to the readers of its room. A later change may be in it: then
// that one follows, and shows the same.
func (s *Server) publishChanged(changed store.Changed) error {
	if changed.At == 0 {
		return nil
	}
	entry, err := entryOf(changed.Message)
	if err != nil {
		return err
	}
	entry.Version, entry.Last, entry.Author = changed.At, changed.Last, 0
	s.hub.Publish(changed.Room, entry)
	s.inboxChanged(changed.InboxChanged...)
	return nil
}

// entryOf returns a change as the hub sends it.
func entryOf(message store.Message) (live.Entry, error) {
	fragment, err := toBytes(views.Message(message))
	entry := live.Entry{
		Version: message.Version, Seq: message.Seq, History: live.History(message.History), Author: message.Author.ID, Fragment: fragment,
		Quotes: message.Answers.Seq, QuoteVersion: message.Answers.Version,
	}
	if message.Event == store.Left {
		entry.Leaves = message.Author.ID
	}
	return entry, err
}
