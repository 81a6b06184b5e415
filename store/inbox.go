package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"plaza/store/database"
)

// Inbox holds what waits for a user: counts, and the newest unread notification.
type Inbox struct {
	Requests      int          // pending friend requests; the count stops at 101
	Notifications int          // unread; the count stops at 101
	Messages      int          // unread, in private rooms
	Public        PublicUnread // in the public chat
	Newest        Notification // the newest unread notification that shows a notice; its ID is 0 if there is none
	Changes       []int64      // the ids, as of InboxChanges, of the recent changes that it includes
}

// Mark returns a text that is the same for two inboxes of a user if pages show them alike. It says how far
// the user has read the public chat, and not how much is unread there: all pages are told of that at once.
func (i Inbox) Mark() string {
	return fmt.Sprintf("%d.%d.%d.%d.%d.%d", i.Requests, i.Notifications, i.Messages, i.Newest.ID, i.Newest.Count, i.Public.ReadTo)
}

var (
	// inboxColumns are the columns of an inbox, of a row u of usersInboxes. Counts stop at 101,
	// because pages show "99+" at most.
	inboxColumns = `(SELECT count(*)
		FROM (SELECT 1 FROM friend_requests r WHERE r.to_id = u.id AND ` + pendingRequest + ` LIMIT 101) AS waiting),
		(SELECT count(*) FROM (SELECT 1 FROM notifications n
			WHERE n.user_id = u.id AND n.read_at = 0 AND ` + visible + ` LIMIT 101) AS unread),
		(SELECT CAST(coalesce(sum(m.unread), 0) AS BIGINT) FROM members m WHERE m.user_id = u.id AND m.unread > 0),
		` + publicUnreadColumns + `,
		coalesce(newest.id, 0), coalesce(newest.count, 0), coalesce(newest.at, 0)`
	usersInboxes = `users u LEFT JOIN notifications newest ON newest.id = (SELECT n.id FROM notifications n
		WHERE n.user_id = u.id AND n.read_at = 0 AND n.kind <> 'reaction' AND ` + visible + ` ORDER BY n.at DESC, n.id DESC LIMIT 1)`
)

// inboxRow is an inbox as the database returns it.
type inboxRow struct {
	Inbox
	at int64
}

// columns returns the destinations of inboxColumns, for Scan.
func (i *inboxRow) columns() []any {
	return []any{
		&i.Requests, &i.Notifications, &i.Messages, &i.Public.Count, &i.Public.ReadTo, &i.Public.Newest,
		&i.Newest.ID, &i.Newest.Count, &i.at,
	}
}

func (i *inboxRow) inbox() Inbox {
	if i.Newest.ID != 0 {
		i.Newest.At = time.UnixMilli(i.at).UTC()
	}
	return i.Inbox
}

// Inboxes returns the inboxes of users by their ids. Users who do not exist are missing. It runs
// two queries at most for each idsAtOnce users.
func (s *Store) Inboxes(ctx context.Context, people []int64) (map[int64]Inbox, error) {
	inboxes := make(map[int64]Inbox, len(people))
	err := inParts(people, func(some []int64) error { return s.addInboxes(ctx, inboxes, some) })
	return inboxes, err
}

// addInboxes adds the inboxes of as many users as one statement takes.
func (s *Store) addInboxes(ctx context.Context, inboxes map[int64]Inbox, people []int64) error {
	owners := map[int64]int64{} // user ids by the ids of their newest notifications
	ids := database.Arguments(people)
	// Twice as long, because this server's clock and the database's may differ.
	since := now().UnixMilli() - 2*recentInboxChange
	err := s.each(ctx, func(row database.Row) error {
		var person int64
		var found inboxRow
		var changes string
		err := row.Scan(append([]any{&person, &changes}, found.columns()...)...)
		inbox := found.inbox()
		for id := range strings.FieldsSeq(changes) {
			inbox.Changes = append(inbox.Changes, number(id))
		}
		inboxes[person] = inbox
		if found.Newest.ID != 0 {
			owners[found.Newest.ID] = person
		}
		return err
	}, `SELECT u.id, coalesce(changed.ids, ''), `+inboxColumns+` FROM `+usersInboxes+`
		LEFT JOIN (SELECT user_id, string_agg(CAST(id AS TEXT), ' ') AS ids FROM inbox_changes
			WHERE at > $`+strconv.Itoa(len(ids)+1)+` GROUP BY user_id) AS changed ON changed.user_id = u.id
		WHERE u.id IN (`+database.Placeholders(len(ids))+`)`, append(slices.Clone(ids), since)...)
	if err != nil || len(owners) == 0 {
		return err
	}
	newest := make([]int64, 0, len(owners))
	for id := range owners {
		newest = append(newest, id)
	}
	ids = database.Arguments(newest)
	return s.each(ctx, func(row database.Row) error {
		n, err := scanNotification(row)
		inbox := inboxes[owners[n.ID]]
		inbox.Newest = n
		inboxes[owners[n.ID]] = inbox
		return err
	}, `SELECT `+notificationColumns+` FROM `+notificationsCauses+`
		WHERE n.id IN (`+database.Placeholders(len(ids))+`)`, ids...)
}

// number parses a number that the database wrote.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // the database writes valid numbers
	return n
}
