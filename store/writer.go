package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// maxBatch is how many posts may share one commit. Beyond it a commit's own cost is small
// beside that of its rows.
const maxBatch = 64

// announcedWait is how long a commit waits for posts that are announced. Each commit costs a write to
// the disk, and each time that readers are told costs as many writes to the network as there are
// readers: waiting for a moment is cheaper than either.
const announcedWait = 3 * time.Millisecond

// Announcement is a post that is on its way to Post. A commit that begins meanwhile waits for it, for
// a few milliseconds.
type Announcement struct {
	store *Store
	ended atomic.Bool
}

// Announce announces a post. The caller ends the announcement once the post cannot be made; Post ends
// that of its message.
func (s *Store) Announce() *Announcement {
	s.announced.Add(1)
	return &Announcement{store: s}
}

// End ends an announcement, if there is one that has not ended.
func (a *Announcement) End() {
	if a != nil && !a.ended.Swap(true) {
		a.store.announced.Add(-1)
	}
}

// pendingPost is a post that waits for its commit.
type pendingPost struct {
	asked     NewMessage
	message   Message // what came of it
	last      int64   // see Posted
	concerned []int64
	err       error
	done      chan struct{}
}

// readConcerned notes somebody whom the post concerns.
func (p *pendingPost) readConcerned(row scanner) error {
	var person int64
	err := row.Scan(&person)
	if err == nil && !slices.Contains(p.concerned, person) {
		p.concerned = append(p.concerned, person)
	}
	return err
}

// Posted is a message that was posted, and the people for whom something else waits by that; nobody
// where it was posted before.
type Posted struct {
	Message
	Last      int64 // the version of the last message that its commit brought to the room; 0: it was posted before
	Concerned []int64
}

// Post adds a message to its room and returns it once it is on disk. A repeated nonce of
// the same author returns the first message, and makes no second; with another text it is
// a Conflict. NotFound where there is no such room, or where the author's account was deleted.
//
// Posts that wait at the same time share one commit. Once taken up, a post is finished
// even where ctx ends: the caller then does not learn how, and may repeat it.
func (s *Store) Post(ctx context.Context, n NewMessage) (Posted, error) {
	if err := CheckMessage(n.Source, n.Nonce); err != nil {
		return Posted{}, err
	}
	post := &pendingPost{asked: n, done: make(chan struct{})}
	select {
	case s.posts <- post:
		n.Announced.End()
	case <-s.closing:
		return Posted{}, errClosing
	case <-ctx.Done():
		return Posted{}, ctx.Err()
	}
	select {
	case <-post.done:
	case <-s.written:
		select {
		case <-post.done:
		default: // it came too late to be taken up
			return Posted{}, errClosing
		}
	case <-ctx.Done():
		return Posted{}, ctx.Err()
	}
	if post.err == nil && (post.message.Room != n.Room || post.message.Source != n.Source) {
		return Posted{}, errRepeatedNonce
	}
	return Posted{post.message, post.last, post.concerned}, post.err
}

var (
	errClosing       = &Error{Kind: Unavailable, Message: "The site is restarting. Please try again in a moment."}
	errChanged       = &Error{Kind: Unavailable, Message: "This conversation changed just now. Please send the message again."}
	errRepeatedNonce = &Error{Kind: Conflict, Message: "This message was sent before with another text; the first one stands. Please send the new text as a new message."}
)

// writePosts commits posts, all that wait at a time, until the store closes; those that
// wait then are still written.
func (s *Store) writePosts() {
	defer close(s.written)
	for {
		var batch []*pendingPost
		select {
		case first := <-s.posts:
			batch = append(batch, first)
		case <-s.closing:
			select {
			case first := <-s.posts:
				batch = append(batch, first)
			default:
				return
			}
		}
		batch = s.gather(batch)
		s.write(context.Background(), batch)
		for _, post := range batch {
			close(post.done)
		}
	}
}

// gather adds the posts that wait, and those that are announced and come soon enough.
func (s *Store) gather(batch []*pendingPost) []*pendingPost {
	var over <-chan time.Time
	for len(batch) < maxBatch {
		select {
		case post := <-s.posts:
			batch = append(batch, post)
			continue
		default:
		}
		if s.announced.Load() == 0 {
			break
		}
		if over == nil {
			over = time.After(announcedWait)
		}
		select {
		case post := <-s.posts:
			batch = append(batch, post)
		case <-over:
			return batch
		}
	}
	return batch
}

// write has posts share a commit. Those that were made before get their first message, and those
// that may not be written hear why. Where the commit fails for another reason, each post is tried
// alone, so that one that cannot be written takes no other with it.
func (s *Store) write(ctx context.Context, batch []*pendingPost) {
	for len(batch) > 0 {
		posts, later := partition(batch)
		err := s.commitPosts(ctx, posts)
		if err == nil {
			batch = later
			continue
		}
		if answer := s.answerTo(err); answer != nil {
			others, failure := answer(ctx, posts)
			if failure == nil && len(others) < len(posts) {
				batch = slices.Concat(others, later)
				continue
			}
			err = errors.Join(failure, err)
		}
		if len(batch) > 1 && KindOf(err) != Unavailable {
			for i := range batch {
				s.write(ctx, batch[i:i+1])
			}
			return
		}
		for _, post := range batch {
			post.err = err
		}
		return
	}
}

// answerTo returns what is asked of posts whose commit failed: it gives those their answer that need no
// commit, and returns the others. It is nil where all may need one.
func (s *Store) answerTo(err error) func(ctx context.Context, posts []*pendingPost) (others []*pendingPost, failure error) {
	switch {
	case isUniqueViolation(err):
		return s.findFirst
	case isNullViolation(err):
		return s.refuse
	}
	return nil
}

// partition cuts a batch before what repeats another post of it: that can be answered once the
// other is committed.
func partition(batch []*pendingPost) (posts, later []*pendingPost) {
	type key struct {
		author int64
		nonce  string
	}
	seen := make(map[key]bool, len(batch))
	for i, post := range batch {
		k := key{post.asked.Author.ID, post.asked.Nonce}
		if seen[k] {
			return batch[:i], batch[i:]
		}
		seen[k] = true
	}
	return batch, nil
}

// findFirst gives those posts that were made before their first message, and returns the
// others. One that is for another room than its first is left to be tried alone: that room may
// not exist.
func (s *Store) findFirst(ctx context.Context, posts []*pendingPost) (missing []*pendingPost, err error) {
	for _, post := range posts {
		first, err := s.first(ctx, post.asked)
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && first.Room != post.asked.Room && len(posts) > 1:
			missing = append(missing, post)
		case err != nil:
			return nil, err
		default:
			post.message = first
		}
	}
	return missing, nil
}

// first returns the message that was made of a post before; sql.ErrNoRows where none was.
func (s *Store) first(ctx context.Context, n NewMessage) (Message, error) {
	const query = `SELECT ` + messageColumns + ` FROM messages m JOIN users u ON u.id = m.author_id WHERE m.author_id = $1 AND m.nonce = $2`
	return scanMessage(row{s.database, ctx, query, []any{n.Author.ID, n.Nonce}, nil})
}

// commitPosts writes posts in one transaction, room by room: all of them, or none.
func (s *Store) commitPosts(ctx context.Context, posts []*pendingPost) error {
	byRoom := map[int64][]*pendingPost{}
	for _, post := range posts {
		byRoom[post.asked.Room] = append(byRoom[post.asked.Room], post)
	}
	var statements []*statement
	var noted []func()
	// In the same order everywhere: two servers that lock each other's next room would wait
	// for ever.
	rooms := slices.Sorted(maps.Keys(byRoom))
	for _, room := range rooms {
		inRoom, note := postsInRoom(room, byRoom[room])
		statements, noted = append(statements, inRoom...), append(noted, note)
	}
	// At the end, so that what they lock is not held for long.
	statements = append(statements, s.noticesOf(byRoom, rooms)...)
	if err := s.database.commit(ctx, statements); err != nil {
		return err
	}
	for _, note := range noted {
		note()
	}
	return nil
}

// refuse gives those posts their reason that may not be written, but for those that were made before,
// and returns the others.
func (s *Store) refuse(ctx context.Context, posts []*pendingPost) (others []*pendingPost, err error) {
	for _, post := range posts {
		reason := s.mayPost(ctx, post.asked)
		switch kind := KindOf(reason); {
		case reason == nil && len(posts) == 1: // but it might not have been before
			post.err = errChanged
		case reason == nil:
			others = append(others, post)
		case kind == NotFound || kind == Invalid:
			post.err = reason
			first, err := s.first(ctx, post.asked)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, err
			}
			if err == nil && first.Room == post.asked.Room && !errors.Is(reason, errDeleted) {
				post.message, post.err = first, nil
			}
		default:
			return nil, reason
		}
	}
	return others, nil
}

// mayPost is why a message may not be written: NotFound where its author's account was deleted, or
// its room is not there for them, and Invalid where they may only read it.
func (s *Store) mayPost(ctx context.Context, n NewMessage) error {
	var lives bool
	err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND deleted_at = 0)`, n.Author.ID).Scan(&lives)
	if err != nil {
		return err
	}
	if !lives {
		return errDeleted
	}
	room, err := s.RoomFor(ctx, n.Author.ID, n.Room)
	if err == nil && room.Closed != "" {
		err = &Error{Kind: Invalid, Message: room.Closed}
	}
	return err
}

const (
	// The update of the room's row comes first: its lock orders all writers of the room.
	takeVersions = `UPDATE rooms SET version = version + $2 WHERE id = $1 RETURNING version`
	// The version is as many before the room's as posts of the same transaction come after. Where there
	// is no such room, there is no version, which breaks the rule that each message has one.
	insertMessage = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, renderer, continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, $8, $9 FROM ` + itsRoom
	// The first post of a transaction learns from the room's row whether it continues a group:
	// sameGroup, in SQL.
	insertFirst = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, renderer, continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, r.last_author_id = $3
			AND $8 - r.last_posted_at BETWEEN 0 AND $9 AND $8 / $10 = r.last_posted_at / $10, $8
		FROM ` + itsRoom + ` RETURNING continues`
	itsRoom = `(SELECT 1) AS here LEFT JOIN rooms r ON r.id = $1`
	// There is none of a deleted account, nor in a private room of one who may not write there: such
	// a message then breaks the rule that each has an author. Whoever changes that holds the lock of the
	// room's row, too.
	mayWrite = `(SELECT author.id FROM users author WHERE author.id = $3 AND author.deleted_at = 0 AND (r.kind = 'public' OR EXISTS (
			SELECT 1 FROM members m JOIN users u ON u.id = ` + counterpart + ` WHERE m.room_id = r.id AND m.user_id = $3 AND ` + closing + ` = '')))`
	noteLast = `UPDATE rooms SET last_author_id = $2, last_posted_at = $3 WHERE id = $1`
)

const millisecondsOfDay = 24 * 60 * 60 * 1000

// postsInRoom returns what gives each post of one room the next version, and what is to be
// noted of the posts once that is committed.
func postsInRoom(room int64, posts []*pendingPost) (statements []*statement, note func()) {
	var version int64
	statements = append(statements, &statement{query: takeVersions, arguments: []any{room, len(posts)}, read: into(&version)})
	messages := make([]Message, len(posts))
	for i, post := range posts {
		n, m, after := post.asked, &messages[i], len(posts)-1-i
		*m = n.now()
		insert := &statement{query: insertMessage}
		if i == 0 {
			insert.query, insert.read = insertFirst, into(&m.Continues)
			insert.arguments = []any{
				room, after, n.Author.ID, n.Nonce, n.Source, n.HTML, n.Renderer,
				m.PostedAt.UnixMilli(), GroupWindow.Milliseconds(), millisecondsOfDay,
			}
		} else {
			last := messages[i-1]
			m.Continues = n.Author.ID == last.Author.ID && sameGroup(last.PostedAt, m.PostedAt)
			insert.arguments = []any{
				room, after, n.Author.ID, n.Nonce, n.Source, n.HTML, n.Renderer,
				m.Continues, m.PostedAt.UnixMilli(),
			}
		}
		statements = append(statements, insert)
	}
	last := messages[len(messages)-1]
	statements = append(statements, &statement{query: noteLast, arguments: []any{room, last.Author.ID, last.PostedAt.UnixMilli()}})
	if IsPrivate(room) {
		for i, post := range posts {
			statements = append(statements, &statement{
				query: noteUnread, arguments: []any{room, post.asked.Author.ID, len(posts) - 1 - i}, read: post.readConcerned,
			})
		}
	}
	return statements, func() {
		for i, post := range posts {
			post.message, post.err = messages[i], nil
			post.message.Seq = version - int64(len(posts)-1-i)
			post.message.Version, post.last = post.message.Seq, version
		}
	}
}

// now is the message that is posted now; its place is yet to be found.
func (n NewMessage) now() Message {
	return Message{
		Room: n.Room, Author: n.Author, Nonce: n.Nonce,
		Source: n.Source, HTML: n.HTML, Renderer: n.Renderer, PostedAt: now(),
	}
}

// sameGroup tells whether a message posted at next may continue the group of one at last.
func sameGroup(last, next time.Time) bool {
	gap := next.Sub(last)
	return gap >= 0 && gap <= GroupWindow && last.UTC().YearDay() == next.UTC().YearDay()
}
