package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"plaza/store/database"
)

const (
	// unlinkSpan is how many messages one query of UnlinkMentions looks through.
	unlinkSpan = 10_000
	// unlinkedFor is how long after a deletion UnlinkMentions looks for new messages too: a message may have been
	// rendered before the deletion, or by a server that has not heard of it.
	unlinkedFor = 2 * time.Minute
)

// UnlinkMentions renders the messages again that mention deleted users, since their pages are gone. It works in small
// transactions. It may be stopped at any moment, and any server can continue it. It must be called again later, since
// messages that mention a user may still come for a while. It tells whether a message may have changed.
func (s *Store) UnlinkMentions(ctx context.Context, render func(ctx context.Context, source string) (Rendered, error)) (changed bool, err error) {
	ctx = withoutSession(ctx)
	users, names := map[int64]bool{}, []string{}
	done := now().Add(-unlinkedFor).UnixMilli()
	err = s.each(ctx, func(row database.Row) error {
		var user int64
		var name string
		err := row.Scan(&user, &name)
		users[user] = true
		names = append(names, name)
		return err
	}, `SELECT u.id, coalesce(o.username, '') FROM users u LEFT JOIN old_usernames o ON o.user_id = u.id WHERE u.mentioned`)
	if err != nil || len(users) == 0 {
		return false, err
	}
	var last int64
	if err := s.queryRow(ctx, `SELECT coalesce(max(id), 0) FROM messages`).Scan(&last); err != nil {
		return false, err
	}
	for after := int64(0); after < last; after += unlinkSpan {
		for _, name := range names {
			if err := s.unlinkName(ctx, name, after, render); err != nil {
				return true, err
			}
		}
	}
	return true, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		for _, user := range slices.Sorted(maps.Keys(users)) {
			_, err := tx.ExecContext(ctx, `UPDATE users SET mentioned = FALSE WHERE id = $1 AND deleted_at <= $2`, user, done)
			if err != nil {
				return err
			}
			// The other servers may have cached pages with the links.
			if err := recordUserChanged(ctx, tx, user); err != nil {
				return err
			}
		}
		return nil
	})
}

// unlinkName renders the messages again that mention a name, among the unlinkSpan messages after an id.
func (s *Store) unlinkName(ctx context.Context, name string, after int64, render func(ctx context.Context, source string) (Rendered, error)) error {
	if name == "" {
		return nil
	}
	for upTo := after + unlinkSpan; ; {
		var stale []staleMessage
		err := s.each(ctx, func(row database.Row) error {
			var m staleMessage
			err := row.Scan(&m.id, &m.edits, &m.source)
			stale = append(stale, m)
			return err
		}, `SELECT id, edits, source FROM messages WHERE id > $1 AND id <= $2 AND mentions <> '' AND ' ' || mentions || ' ' LIKE $3 ESCAPE '\'
			AND NOT erased AND event = '' ORDER BY id LIMIT $4`, after, upTo, `% `+likeEscaper.Replace(name)+` %`, rerenderBatch)
		if err != nil || len(stale) == 0 {
			return err
		}
		if err := s.renderStale(ctx, stale, render); err != nil {
			return err
		}
		after = stale[len(stale)-1].id
	}
}

// likeEscaper escapes what LIKE would read as a pattern.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
