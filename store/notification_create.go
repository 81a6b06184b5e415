package store

import (
	"cmp"
	"context"
	"slices"

	"plaza/store/database"
)

// newNotification is a notification to add in the transaction of its cause.
type newNotification struct {
	recipient int64
	kind      NotificationKind
	likeID    int64 // notifications with the same kind and likeID share one row while it is unread
	actor     int64 // the user who caused it; 0: no other user
	detail    string
}

var (
	// insertNotifications begins a statement that adds notifications. A SELECT with their columns
	// and unlessUnwanted must follow. Users get no notifications of what they do themselves, of
	// muted kinds, or of users they have blocked. While a user has 200 unread, all further
	// notifications of a kind share one row.
	insertNotifications = `
		INSERT INTO notifications (user_id, kind, like_id, actor_id, room_id, seq, detail, at)
		SELECT n.user_id, n.kind, CASE WHEN
				(SELECT count(*) FROM (SELECT 1 FROM notifications o WHERE o.user_id = n.user_id AND o.read_at = 0 LIMIT 200) AS unread) = 200
				AND NOT EXISTS (SELECT 1 FROM notifications o
					WHERE o.user_id = n.user_id AND o.kind = n.kind AND o.like_id = n.like_id AND o.read_at = 0)
			THEN 0 ELSE n.like_id END, n.actor_id, n.room_id, n.seq, n.detail, n.at
		FROM (`
	unlessUnwanted = ifWanted + `count = notifications.count + 1` + latestEvent
	ifWanted       = `) AS n JOIN users u ON u.id = n.user_id
		WHERE u.deleted_at = 0 AND n.user_id <> n.actor_id
			AND NOT EXISTS (SELECT 1 FROM muted_kinds k WHERE k.user_id = n.user_id AND k.kind = n.kind)
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = n.user_id AND b.blocked_id = n.actor_id)
		ORDER BY n.user_id
		ON CONFLICT (user_id, kind, like_id) WHERE read_at = 0 DO UPDATE SET `
	latestEvent = `, actor_id = excluded.actor_id, room_id = excluded.room_id, seq = excluded.seq, detail = excluded.detail, at = excluded.at`

	insertNotification = insertNotifications + `
		SELECT CAST($1 AS BIGINT) AS user_id, CAST($2 AS TEXT) AS kind, CAST($3 AS BIGINT) AS like_id, CAST($4 AS BIGINT) AS actor_id,
		0 AS room_id, 0 AS seq, CAST($5 AS TEXT) AS detail, CAST($6 AS BIGINT) AS at` + unlessUnwanted

	// The message's seq is $6, or if that is 0 the room's version minus the number of later changes in
	// the same transaction. In public rooms, mentions by one author share a row. In a private room, all
	// mentions there share a row.
	insertMention = insertNotifications + `
		SELECT p.id AS user_id, 'mention' AS kind,
			CASE WHEN r.kind = 'public' THEN CAST($2 AS BIGINT) ELSE r.id END AS like_id, CAST($2 AS BIGINT) AS actor_id,
			r.id AS room_id,
			CASE WHEN CAST($6 AS BIGINT) > 0 THEN $6 ELSE r.version - $4 END AS seq, '' AS detail, CAST($5 AS BIGINT) AS at
		FROM users p JOIN rooms r ON r.id = $3
		WHERE p.username_key = $1 AND ` + readableBy("p.id") +
		unlessUnwanted + ` RETURNING user_id`

	// A user with a notification of a mention in this message, or in a later one of the same commit, gets no second
	// notification. Replies to the same message share a row.
	insertReplyNotification = insertNotifications + `
		SELECT q.author_id AS user_id, 'reply' AS kind, q.id AS like_id, CAST($2 AS BIGINT) AS actor_id,
			r.id AS room_id, r.version - $4 AS seq, '' AS detail, CAST($5 AS BIGINT) AS at
		FROM messages q JOIN rooms r ON r.id = q.room_id
		WHERE q.room_id = $1 AND q.seq = $3 AND ` + readableBy("q.author_id") + `
			AND NOT EXISTS (SELECT 1 FROM notifications o WHERE o.user_id = q.author_id AND o.kind = 'mention'
				AND o.read_at = 0 AND o.room_id = r.id AND o.seq >= r.version - $4)` +
		unlessUnwanted + ` RETURNING user_id`

	// The same holds for a message. A reply is a message too.
	insertMessageNotification = insertNotifications + `
		SELECT m.user_id, 'message' AS kind, r.id AS like_id, CAST($2 AS BIGINT) AS actor_id,
			r.id AS room_id, r.version - $3 AS seq, '' AS detail, CAST($4 AS BIGINT) AS at
		FROM members m JOIN rooms r ON r.id = m.room_id
		WHERE m.room_id = $1 AND NOT EXISTS (SELECT 1 FROM notifications o WHERE o.user_id = m.user_id AND o.kind IN ('mention', 'reply')
			AND o.read_at = 0 AND o.room_id = r.id AND o.seq >= r.version - $3)` + unlessUnwanted

	// A user who reacts again, or with another emoji, does not count again.
	insertReactionNotification = insertNotifications + `
		SELECT m.author_id AS user_id, 'reaction' AS kind, m.id AS like_id, CAST($3 AS BIGINT) AS actor_id,
			r.id AS room_id, m.seq, CAST($4 AS TEXT) AS detail, CAST($5 AS BIGINT) AS at
		FROM messages m JOIN rooms r ON r.id = m.room_id
		WHERE m.room_id = $1 AND m.seq = $2 AND ` + readableBy("m.author_id") + ifWanted + `count = notifications.count +
			CASE WHEN notifications.actor_id = excluded.actor_id THEN 0 ELSE 1 END` + latestEvent + ` RETURNING user_id`
)

// notify adds a notification in the transaction of its cause.
func (s *Store) notify(ctx context.Context, tx *database.Tx, n newNotification) error {
	_, err := tx.ExecContext(ctx, insertNotification, n.recipient, n.kind, n.likeID, n.actor, n.detail, now().UnixMilli())
	if err != nil {
		return err
	}
	return s.recordInboxChanged(ctx, tx, n.recipient)
}

// maxMentions is how many of the users mentioned by a message are notified.
const maxMentions = 20

// newReaction is a reaction that a change adds to a message.
type newReaction struct {
	emoji  string
	author int64 // of the message, who is notified
}

// mention says that a change mentions a user.
type mention struct {
	key   string // of the username
	in    *change
	later int // the number of later changes in the same room and commit
}

// notificationsOf returns the statements that add notifications of changes. The changes are grouped by
// rooms, which are of these kinds.
func (s *Store) notificationsOf(byRoom map[int64][]*change, rooms []int64, kinds []RoomKind) (statements []*database.Statement) {
	var mentions []mention
	var withMembers []int64
	var replies, messages []*database.Statement
	var reactions []*change
	for i, room := range rooms {
		if kinds[i].HasMembers() {
			withMembers = append(withMembers, room)
		}
		for j, c := range byRoom[room] {
			later := len(byRoom[room]) - 1 - j
			for _, key := range mentionedKeys(c.mentioned) {
				mentions = append(mentions, mention{key, c, later})
			}
			if c.reaction != nil {
				reactions = append(reactions, c)
			}
			if c.post != nil && c.post.input.ReplyTo != 0 {
				replies = append(replies, &database.Statement{
					Query:     insertReplyNotification,
					Arguments: []any{room, c.author, c.post.input.ReplyTo, later, now().UnixMilli()},
					Read:      c.recipients.read,
				})
			}
			if c.post != nil && kinds[i].HasMembers() {
				messages = append(messages,
					&database.Statement{Query: insertMessageNotification, Arguments: []any{room, c.author, later, now().UnixMilli()}})
			}
		}
	}
	// Always in the same order. Otherwise two servers could wait for each other.
	slices.SortStableFunc(mentions, func(a, b mention) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.in.author, b.in.author))
	})
	for _, m := range mentions {
		statements = append(statements, &database.Statement{
			Query: insertMention, Arguments: []any{m.key, m.in.author, m.in.room, m.later, now().UnixMilli(), m.in.seq},
			Read: m.in.recipients.read,
		})
	}
	statements = append(append(statements, replies...), messages...)
	slices.SortStableFunc(reactions, func(a, b *change) int { return cmp.Compare(a.reaction.author, b.reaction.author) })
	for _, c := range reactions {
		statements = append(statements, &database.Statement{
			Query: insertReactionNotification, Arguments: []any{c.room, c.seq, c.author, c.reaction.emoji, now().UnixMilli()},
			Read: c.recipients.read,
		})
	}
	if s.IsShared() {
		statements = append(statements, inboxChangesOf(mentions, reactions, withMembers)...)
		statements = append(statements, inboxChangesOfReplies(replies)...)
	}
	return statements
}

// mentionedKeys returns the keys of the first maxMentions usernames, each once.
func mentionedKeys(usernames []string) []string {
	var keys []string
	for _, username := range usernames[:min(len(usernames), maxMentions)] {
		if key := usernameKey(username); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// inboxChangesOf returns the statements that record the inboxes changed by mentions, reactions and private
// messages, for the other servers.
func inboxChangesOf(mentions []mention, reactions []*change, withMembers []int64) (statements []*database.Statement) {
	if len(mentions) > 0 {
		keys := make([]string, len(mentions))
		for i, m := range mentions {
			keys[i] = m.key
		}
		statements = append(statements, &database.Statement{
			Query: `INSERT INTO inbox_changes (user_id, at) SELECT id, ` + nowOnServer + ` FROM users
				WHERE username_key = ANY($1)`,
			Arguments: []any{keys},
		})
	}
	if len(reactions) > 0 {
		authors := make([]int64, len(reactions))
		for i, c := range reactions {
			authors[i] = c.reaction.author
		}
		statements = append(statements, &database.Statement{
			Query:     `INSERT INTO inbox_changes (user_id, at) SELECT unnest($1::bigint[]), ` + nowOnServer,
			Arguments: []any{authors},
		})
	}
	if len(withMembers) > 0 {
		statements = append(statements, &database.Statement{
			Query: `INSERT INTO inbox_changes (user_id, at) SELECT DISTINCT user_id, ` + nowOnServer + ` FROM members
				WHERE room_id = ANY($1)`,
			Arguments: []any{withMembers},
		})
	}
	return statements
}

// inboxChangesOfReplies returns the statements that record the inboxes changed by replies, for the other servers.
func inboxChangesOfReplies(replies []*database.Statement) (statements []*database.Statement) {
	for _, reply := range replies {
		statements = append(statements, &database.Statement{
			Query: `INSERT INTO inbox_changes (user_id, at) SELECT author_id, ` + nowOnServer + ` FROM messages
				WHERE room_id = $1 AND seq = $2`,
			Arguments: []any{reply.Arguments[0], reply.Arguments[2]},
		})
	}
	return statements
}
