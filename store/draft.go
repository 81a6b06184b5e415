package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"plaza/store/database"
)

// Draft is what a user is writing in a room.
type Draft struct {
	Body     string
	Replaced string // another text that this one replaced, and that its writer had not seen; "" if there is none
	Version  int64  // changes with each saving; 0 if there is no draft
}

// Draft returns a user's draft in a room. It is the zero Draft if there is none.
func (s *Store) Draft(ctx context.Context, userID, room int64) (Draft, error) {
	d, err := scanDraft(s.queryRow(ctx, `SELECT `+draftColumns+` FROM drafts WHERE room_id = $1 AND user_id = $2`, room, userID))
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, nil
	}
	return d, err
}

// draftedBy is the condition that a viewer has a draft in room r.
func draftedBy(viewer string) string {
	return `EXISTS (SELECT 1 FROM drafts d WHERE d.room_id = r.id AND d.user_id = ` + viewer + `)`
}

const draftColumns = `body, replaced, version`

func scanDraft(row database.Row) (Draft, error) {
	var d Draft
	err := row.Scan(&d.Body, &d.Replaced, &d.Version)
	return d, err
}

// SaveDraft replaces a viewer's draft in a room, whichever device wrote it, and returns the new one. known is the version
// that the writer has seen. A text of another version, which the new one does not begin with, is kept as Replaced. An
// empty body deletes the draft, unless it has another version than known; known is 0 if the writer says nothing. The kind
// is Invalid if the body breaks a rule, and NotFound if the viewer may not read the room.
func (s *Store) SaveDraft(ctx context.Context, viewer User, room int64, body string, known int64) (Draft, error) {
	if err := checkCharacters(body); err != nil {
		return Draft{}, err
	}
	if _, err := s.RoomFor(ctx, viewer.ID, room); err != nil {
		return Draft{}, err
	}
	var saved Draft
	err := s.InTx(ctx, func(tx *database.Tx) error {
		saved = Draft{}
		if body == "" {
			_, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE room_id = $1 AND user_id = $2 AND (version = $3 OR $3 = 0)`, room, viewer.ID, known)
			return err
		}
		var err error
		saved, err = scanDraft(tx.QueryRowContext(ctx, saveDraft, room, viewer.ID, body, now().UnixMilli(), known))
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrNoRoom
		}
		return err
	})
	return saved, err
}

var saveDraft = `INSERT INTO drafts AS d (room_id, user_id, body, version)
	SELECT r.id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM rooms r WHERE r.id = $1 AND ` + readableBy("$2") + `
	ON CONFLICT (room_id, user_id) DO UPDATE SET body = excluded.body,
		version = CASE WHEN excluded.version > d.version THEN excluded.version ELSE d.version + 1 END,
		replaced = CASE WHEN d.version = $5 OR substr(excluded.body, 1, length(d.body)) = d.body THEN d.replaced ELSE d.body END
	RETURNING ` + draftColumns

// RestoreDraft makes the text that a viewer's draft has replaced the draft again, once, and returns it. It changes
// nothing if there is none. The kind is NotFound if the viewer may not read the room.
func (s *Store) RestoreDraft(ctx context.Context, viewer User, room int64) (Draft, error) {
	if _, err := s.RoomFor(ctx, viewer.ID, room); err != nil {
		return Draft{}, err
	}
	err := s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE drafts SET body = replaced, replaced = '', version = version + 1
			WHERE room_id = $1 AND user_id = $2 AND replaced <> ''`, room, viewer.ID)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return s.Draft(ctx, viewer.ID, room)
}

// deleteDraft deletes a user's draft in a room.
const deleteDraft = `DELETE FROM drafts WHERE room_id = $1 AND user_id = $2`

// deleteSentDrafts returns the statement that deletes the drafts of the authors of posts in a room, if there are posts.
func deleteSentDrafts(room int64, changes []*change) []*database.Statement {
	var authors []int64
	for _, c := range changes {
		if c.post != nil && !c.post.input.KeepsDraft {
			authors = append(authors, c.author)
		}
	}
	if len(authors) == 0 {
		return nil
	}
	arguments := database.Arguments(unique(authors))
	return []*database.Statement{{
		Query: `DELETE FROM drafts WHERE user_id IN (` + database.Placeholders(len(arguments)) + `) AND room_id = $` +
			strconv.Itoa(len(arguments)+1),
		Arguments: append(arguments, room),
	}}
}

// deleteRepeatedDraft deletes the draft of a message that was posted before.
func (s *Store) deleteRepeatedDraft(ctx context.Context, n NewMessage) error {
	draft, err := s.Draft(ctx, n.Author, n.Room)
	if err != nil || draft.Version == 0 {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, deleteDraft, n.Room, n.Author)
		return err
	})
}

// OwnDraft is a draft in its writer's export.
type OwnDraft struct {
	Room    RoomSummary
	SavedAt time.Time
	Draft
}

// Drafts returns all drafts of a user, the latest first.
func (s *Store) Drafts(ctx context.Context, user User) ([]OwnDraft, error) {
	var drafts []OwnDraft
	err := s.each(ctx, func(row database.Row) error {
		var d OwnDraft
		err := row.Scan(append([]any{
			&d.Body, &d.Replaced, &d.Version, &d.Room.ID, &d.Room.Kind, &d.Room.Name, &d.Room.Notebook,
		}, d.Room.Other.columns()...)...)
		d.SavedAt = time.UnixMilli(d.Version).UTC()
		drafts = append(drafts, d)
		return err
	}, `SELECT d.body, d.replaced, d.version, r.id, r.kind, r.name, coalesce(r.low_id = r.high_id, FALSE), `+personColumnsIfAny("u")+`
		FROM drafts d JOIN rooms r ON r.id = d.room_id
		LEFT JOIN users u ON r.kind = 'pair' AND u.id = r.low_id + r.high_id - d.user_id
		WHERE d.user_id = $1 ORDER BY d.version DESC, d.room_id`, user.ID)
	return drafts, err
}
