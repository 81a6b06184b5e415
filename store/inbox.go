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

// Inbox is what waits for somebody.
type Inbox struct {
	Requests      int          // people who ask for friendship; more than maxRequests are not counted
	Notifications int          // unread; more than a hundred are not counted
	Messages      int          // unread, in private rooms
	Newest        Notification // the newest of those unread; its ID is 0 where there is none
	Changes       []int64      // the ids of the recent changes that it shows, of those that InboxChanges returns
}

// Mark is equal where nothing differs that a page shows of two inboxes of somebody.
func (i Inbox) Mark() string {
	return fmt.Sprintf("%d.%d.%d.%d.%d", i.Requests, i.Notifications, i.Messages, i.Newest.ID, i.Newest.Count)
}

var (
	// inboxColumns are what waits for u, of a row of usersInboxes. What pages say is "99+" at most,
	// and so no more is counted.
	inboxColumns = `(SELECT count(*) FROM (SELECT 1 FROM friend_requests r WHERE r.to_id = u.id AND ` + pendingRequest + ` LIMIT 101) AS waiting),
		(SELECT count(*) FROM (SELECT 1 FROM notifications n WHERE n.user_id = u.id AND n.read_at = 0 AND ` + visible + ` LIMIT 101) AS unread),
		(SELECT CAST(coalesce(sum(m.unread), 0) AS BIGINT) FROM members m WHERE m.user_id = u.id AND m.unread > 0),
		coalesce(newest.id, 0), coalesce(newest.count, 0), coalesce(newest.at, 0)`
	usersInboxes = `users u LEFT JOIN notifications newest ON newest.id = (SELECT n.id FROM notifications n
		WHERE n.user_id = u.id AND n.read_at = 0 AND ` + visible + ` ORDER BY n.at DESC, n.id DESC LIMIT 1)`
)

// inboxRow is an inbox as its columns have it.
type inboxRow struct {
	Inbox
	at int64
}

// columns is where the columns of an inbox are copied to.
func (i *inboxRow) columns() []any {
	return []any{&i.Requests, &i.Notifications, &i.Messages, &i.Newest.ID, &i.Newest.Count, &i.at}
}

func (i *inboxRow) inbox() Inbox {
	if i.Newest.ID != 0 {
		i.Newest.At = time.UnixMilli(i.at).UTC()
	}
	return i.Inbox
}

// Inboxes returns what waits for people, of those who exist: in two queries at most.
func (s *Store) Inboxes(ctx context.Context, people []int64) (map[int64]Inbox, error) {
	inboxes := make(map[int64]Inbox, len(people))
	if len(people) == 0 {
		return inboxes, nil
	}
	owners := map[int64]int64{} // of the newest notifications, by the ids of these
	ids := database.Arguments(people)
	// Twice as long, because this clock and the database's may differ.
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
		return inboxes, err
	}
	newest := make([]int64, 0, len(owners))
	for id := range owners {
		newest = append(newest, id)
	}
	ids = database.Arguments(newest)
	return inboxes, s.each(ctx, func(row database.Row) error {
		n, err := scanNotification(row)
		inbox := inboxes[owners[n.ID]]
		inbox.Newest = n
		inboxes[owners[n.ID]] = inbox
		return err
	}, `SELECT `+notificationColumns+` FROM `+notificationsCauses+` WHERE n.id IN (`+database.Placeholders(len(ids))+`)`, ids...)
}

// number reads a number that the database wrote.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // it is one
	return n
}
