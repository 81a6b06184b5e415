package store

import "context"

// RoomPage is what the page of a private room shows a member beside the log.
type RoomPage struct {
	State       RoomState
	FirstUnread int64 // the seq of the first unread message; 0: none
}

// RoomPage returns what a member sees beside a room's log.
func (s *Store) RoomPage(ctx context.Context, viewer User, room Room) (page RoomPage, err error) {
	if page.State, err = s.State(ctx, room.ID); err != nil || room.Unread == 0 {
		return page, err
	}
	page.FirstUnread, err = s.firstUnread(ctx, viewer, room)
	return page, err
}
