package store

import "context"

// RoomPage is what the page of a private room shows a member beside the log.
type RoomPage struct {
	State             RoomState
	Conversations     []Conversation // the newest
	MoreConversations bool
	FirstUnread       int64 // the seq of the first unread message; 0: none
}

// RoomPage returns what a member sees beside a room's log, with at most so many conversations.
func (s *Store) RoomPage(ctx context.Context, viewer User, room Room, conversations int) (page RoomPage, err error) {
	if page.State, err = s.State(ctx, room.ID); err != nil {
		return page, err
	}
	page.Conversations, page.MoreConversations, err = s.Conversations(ctx, viewer, NewestPoint(), conversations)
	if err != nil || room.Unread == 0 {
		return page, err
	}
	page.FirstUnread, err = s.firstUnread(ctx, viewer, room)
	return page, err
}
