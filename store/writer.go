package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// maxBatch is how many posts may share one commit. Beyond it a commit's own cost is small
// beside that of its rows.
const maxBatch = 64

// pendingPost is a post that waits for its commit.
type pendingPost struct {
	asked   NewMessage
	message Message // what came of it
	err     error
	done    chan struct{}
}

// Post adds a message to its room and returns it once it is on disk. A repeated nonce of
// the same author returns the first message, and makes no second; with another text it is
// a Conflict. NotFound where there is no such room.
//
// Posts that wait at the same time share one commit. Once taken up, a post is finished
// even where ctx ends: the caller then does not learn how, and may repeat it.
func (s *Store) Post(ctx context.Context, n NewMessage) (Message, error) {
	if err := CheckMessage(n.Source, n.Nonce); err != nil {
		return Message{}, err
	}
	post := &pendingPost{asked: n, done: make(chan struct{})}
	select {
	case s.posts <- post:
	case <-s.closing:
		return Message{}, errClosing
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
	select {
	case <-post.done:
	case <-s.written:
		select {
		case <-post.done:
		default: // it came too late to be taken up
			return Message{}, errClosing
		}
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
	if post.err == nil && post.message.Source != n.Source {
		return Message{}, errRepeatedNonce
	}
	return post.message, post.err
}

var (
	errClosing       = &Error{Kind: Unavailable, Message: "The site is restarting. Please try again in a moment."}
	errRepeatedNonce = &Error{Kind: Conflict, Message: "This message was sent before with another text; the first one stands. Please send the new text as a new message."}
)

// postStatements are the writer's, parsed once: its one connection is taken while it posts.
type postStatements struct{ lockRoom, findFirst, insertMessage, advanceRoom *sql.Stmt }

func (p *postStatements) prepare(ctx context.Context, db *sql.DB) error {
	var errs [4]error
	p.lockRoom, errs[0] = db.PrepareContext(ctx, `
		UPDATE rooms SET version = version WHERE id = $1 RETURNING version, last_author_id, last_posted_at`)
	p.findFirst, errs[1] = db.PrepareContext(ctx, `
		SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.author_id = $1 AND m.nonce = $2`)
	p.insertMessage, errs[2] = db.PrepareContext(ctx, `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, renderer, continues, posted_at)
		VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (author_id, nonce) DO NOTHING`)
	p.advanceRoom, errs[3] = db.PrepareContext(ctx, `
		UPDATE rooms SET version = $2, last_author_id = $3, last_posted_at = $4 WHERE id = $1`)
	return errors.Join(errs[:]...)
}

func (p *postStatements) close() error {
	var errs []error
	for _, statement := range []*sql.Stmt{p.lockRoom, p.findFirst, p.insertMessage, p.advanceRoom} {
		if statement != nil {
			errs = append(errs, statement.Close())
		}
	}
	return errors.Join(errs...)
}

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
		for len(batch) < maxBatch && len(s.posts) > 0 {
			batch = append(batch, <-s.posts)
		}
		s.commit(batch)
		for _, post := range batch {
			close(post.done)
		}
	}
}

// commit writes a batch in one transaction. Where that fails, each post is tried alone,
// so that one that cannot be written takes no other with it.
func (s *Store) commit(batch []*pendingPost) {
	ctx := context.Background()
	err := s.InTx(ctx, func(tx *sql.Tx) error { return s.insertPosts(ctx, tx, batch) })
	if err == nil {
		return
	}
	if len(batch) == 1 || KindOf(err) == Unavailable {
		for _, post := range batch {
			post.err = err
		}
		return
	}
	for _, post := range batch {
		post.err = nil
		s.commit([]*pendingPost{post})
	}
}

// insertPosts writes a batch, room by room. A post for a room that does not exist gets
// its error and does not stop the others.
func (s *Store) insertPosts(ctx context.Context, tx *sql.Tx, batch []*pendingPost) error {
	var rooms []int64
	byRoom := map[int64][]*pendingPost{}
	for _, post := range batch {
		room := post.asked.Room
		if !slices.Contains(rooms, room) {
			rooms = append(rooms, room)
		}
		byRoom[room] = append(byRoom[room], post)
	}
	for _, room := range rooms {
		if err := s.insertInRoom(ctx, tx, room, byRoom[room]); err != nil {
			return fmt.Errorf("post in room %d: %w", room, err)
		}
	}
	return nil
}

// insertInRoom gives each new post of one room the next version. The update of the room's
// row comes first: its lock orders all writers of the room.
func (s *Store) insertInRoom(ctx context.Context, tx *sql.Tx, room int64, posts []*pendingPost) error {
	lock := tx.StmtContext(ctx, s.posting.lockRoom)
	insert := tx.StmtContext(ctx, s.posting.insertMessage)
	advance := tx.StmtContext(ctx, s.posting.advanceRoom)

	var before, version, lastAuthor, lastPosted int64
	err := lock.QueryRowContext(ctx, room).Scan(&before, &lastAuthor, &lastPosted)
	if errors.Is(err, sql.ErrNoRows) {
		for _, post := range posts {
			post.err = errNoRoom
		}
		return nil
	}
	if err != nil {
		return err
	}
	version = before
	for _, post := range posts {
		m := post.asked.at(version + 1)
		m.Continues = m.Author.ID == lastAuthor && sameGroup(time.UnixMilli(lastPosted), m.PostedAt)
		result, err := insert.ExecContext(ctx, room, m.Seq, m.Author.ID, m.Nonce, m.Source, m.HTML, m.Renderer, m.Continues, m.PostedAt.UnixMilli())
		if err != nil {
			return err
		}
		inserted, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if inserted == 0 {
			if post.message, err = s.findFirst(ctx, tx, m.Author.ID, m.Nonce); err != nil {
				return err
			}
			continue
		}
		post.message = m
		version, lastAuthor, lastPosted = m.Version, m.Author.ID, m.PostedAt.UnixMilli()
	}
	if version == before {
		return nil
	}
	_, err = advance.ExecContext(ctx, room, version, lastAuthor, lastPosted)
	return err
}

// at is the message that is posted as a version of its room, now.
func (n NewMessage) at(version int64) Message {
	return Message{
		Room: n.Room, Seq: version, Version: version, Author: n.Author, Nonce: n.Nonce,
		Source: n.Source, HTML: n.HTML, Renderer: n.Renderer, PostedAt: now(),
	}
}

// findFirst returns the message that an author posted before with a nonce.
func (s *Store) findFirst(ctx context.Context, tx *sql.Tx, author int64, nonce string) (Message, error) {
	return scanMessage(tx.StmtContext(ctx, s.posting.findFirst).QueryRowContext(ctx, author, nonce))
}

// sameGroup tells whether a message posted at next may continue the group of one at last.
func sameGroup(last, next time.Time) bool {
	gap := next.Sub(last)
	return gap >= 0 && gap <= GroupWindow && last.UTC().YearDay() == next.UTC().YearDay()
}
