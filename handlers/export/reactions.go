package export

import (
	"context"

	"plaza/store"
	"plaza/views"
)

func reactionOf(r store.OwnReaction) any {
	return reactionJSON{r.Emoji, r.To.Username, views.ExportedRoom(r.Room), r.At}
}

// eachReaction calls do with each reaction of a user, which it reads in batches.
func eachReaction(ctx context.Context, s *store.Store, user store.User, do func(r store.OwnReaction) error) error {
	for last := int64(0); ; {
		reactions, err := s.ReactionsBy(ctx, user, last, batch)
		if err != nil || len(reactions) == 0 {
			return err
		}
		for _, reaction := range reactions {
			if err := do(reaction); err != nil {
				return err
			}
			last = reaction.MessageID
		}
	}
}
