package export

import (
	"context"
	"math"

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
	// All at once: one that moves to the front while pages are read would be on none of them.
	found, _, err := s.Notifications(ctx, user, store.NewestPoint(), math.MaxInt32-1)
	if err != nil {
		return exported, err
	}
	for _, n := range found {
		exported.Notifications = append(exported.Notifications, notificationJSON{
			Kind: string(n.Kind), By: n.Actor.Username, Count: n.Count, Room: views.ExportedRoom(n.Room),
			Browser: n.Browser, At: n.At, Read: n.Read,
		})
	}
	return exported, nil
}
