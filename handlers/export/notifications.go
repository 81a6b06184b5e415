package export

import (
	"context"

	"plaza/store"
	"plaza/views"
)

// readNotifications reads all notifications of a user, and the kinds that the user has muted.
func readNotifications(ctx context.Context, s *store.Store, user store.User) (notificationsJSON, error) {
	exported := notificationsJSON{Muted: []string{}, Notifications: []notificationJSON{}}
	muted, err := s.MutedKinds(ctx, user)
	if err != nil {
		return exported, err
	}
	for _, kind := range muted {
		exported.Muted = append(exported.Muted, string(kind))
	}
	for before, more := int64(0), true; more; {
		var found []store.Notification
		if found, more, err = s.Notifications(ctx, user, before, batch); err != nil {
			return exported, err
		}
		for _, n := range found {
			before = n.ID
			exported.Notifications = append(exported.Notifications, notificationJSON{
				Kind: string(n.Kind), By: n.Actor.Username, Count: n.Count, Room: views.ExportedRoom(n.Room),
				Browser: n.Browser, At: n.At, Read: n.Read,
			})
		}
	}
	return exported, nil
}
