package store

import (
	"context"
)

// maxBlocks is the maximum number of users that one user may block. Each page's stylesheet contains
// their names.
const maxBlocks = 1000

// Block ends the friendship of two users and the viewer's request, and hides the other user and their
// request from the viewer. The other user does not learn of the block. It is no error to block a user twice.
func (s *Store) Block(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		var blocked int
		if err := p.tx.QueryRowContext(ctx, `SELECT count(*) FROM blocks WHERE blocker_id = $1 AND blocked_id <> $2`,
			viewer.ID, other.ID).Scan(&blocked); err != nil {
			return err
		}
		if blocked >= maxBlocks {
			return &Error{Kind: Invalid, Code: CodeTooManyBlocks}
		}
		if _, err := p.run(`INSERT INTO blocks (blocker_id, blocked_id, since)
			VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, now().UnixMilli()); err != nil {
			return err
		}
		friends, err := p.run(deleteFriends)
		if err != nil {
			return err
		}
		if friends > 0 { // otherwise the lost friendship without a notification would reveal the block
			if err := p.notifyOther(Unfriended); err != nil {
				return err
			}
		}
		// The other user's request stays, and waits in vain. Without it the other user would learn of the block.
		if err := p.all(`DELETE FROM friend_requests WHERE from_id = $1 AND to_id = $2`); err != nil {
			return err
		}
		if err := countRequests(ctx, p.tx, viewer.ID, other.ID); err != nil {
			return err
		}
		return p.all(`DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2`, bumpRelations)
	})
}

// Unblock ends a block. It is no error if there is none.
func (s *Store) Unblock(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		return p.all(`DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2`, bumpRelations)
	})
}
