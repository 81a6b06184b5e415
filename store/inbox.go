package store

import "fmt"

// Inbox is what waits for somebody.
type Inbox struct {
	Requests      int          // people who ask for friendship; more than maxRequests are not counted
	Notifications int          // unread
	Messages      int          // unread, in private rooms
	Newest        Notification // the newest of those unread; its ID is 0 where there is none
}

// Mark is equal where nothing differs that a page shows of two inboxes of somebody.
func (i Inbox) Mark() string {
	return fmt.Sprintf("%d.%d.%d.%d.%d", i.Requests, i.Notifications, i.Messages, i.Newest.ID, i.Newest.Count)
}
