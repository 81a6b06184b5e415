package store

import (
	"context"
)

// maxBlocks is how many people one may block: their names are in each page's stylesheet.
const maxBlocks = 1000

// Block ends what there was between two people, and has the viewer see no more of the other, who
// is not told. It is no error to block somebody twice.
func (s *Store) Block(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		var blocked int
		if err := p.tx.QueryRowContext(ctx, `SELECT count(*) FROM blocks WHERE blocker_id = $1`, viewer.ID).Scan(&blocked); err != nil {
			return err
		}
		if blocked >= maxBlocks {
			return &Error{Kind: Invalid, Code: CodeTooManyBlocks}
		}
		if _, err := p.run(`INSERT INTO blocks (blocker_id, blocked_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, now().UnixMilli()); err != nil {
			return err
		}
		friends, err := p.run(deleteFriends)
		if err != nil {
			return err
		}
		if friends > 0 { // or whoever is not told, and is a friend no more, knows that it is a block
			if err := p.notifyOther(Unfriended); err != nil {
				return err
			}
		}
		if err := p.deleteRequestsBetween(); err != nil {
			return err
		}
		return p.all(`DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2`, bumpRelations)
	})
}

// Unblock takes a block back. It is no error where there is none.
func (s *Store) Unblock(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		return p.all(`DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2`, bumpRelations)
	})
}
