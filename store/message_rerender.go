package store

import (
	"context"

	"plaza/store/database"
)

// rerenderBatch is the maximum number of messages that one transaction renders again. Larger
// transactions would delay posts.
const rerenderBatch = 100

// RenderAgain renders the messages again that an older version of the renderer has rendered. It works
// in small transactions. It may be stopped at any moment, and continues where it stopped. An erased
// message stays erased. Servers of an older version may post beside this one, so it must run from time
// to time. It costs little if there are no such messages.
func (s *Store) RenderAgain(ctx context.Context, renderer int, render func(ctx context.Context, source string) (Rendered, error)) error {
	for {
		stale, err := s.staleMessages(ctx, renderer)
		if err != nil || len(stale) == 0 {
			return err
		}
		if err := s.renderStale(ctx, stale, render); err != nil {
			return err
		}
	}
}

type staleMessage struct {
	id       int64
	edits    int // the number of the text
	source   string
	rendered Rendered
}

// findStale finds messages of an older renderer by the index messages_renderer.
const findStale = `SELECT id, edits, source FROM messages WHERE renderer < $1 AND NOT erased AND event = ''
	ORDER BY renderer, id LIMIT $2`

func (s *Store) staleMessages(ctx context.Context, renderer int) ([]staleMessage, error) {
	var stale []staleMessage
	err := s.each(ctx, func(row database.Row) error {
		var m staleMessage
		err := row.Scan(&m.id, &m.edits, &m.source)
		stale = append(stale, m)
		return err
	}, findStale, renderer, rerenderBatch)
	return stale, err
}

// renderStale renders messages, and replaces what they were rendered to.
func (s *Store) renderStale(
	ctx context.Context, stale []staleMessage, render func(ctx context.Context, source string) (Rendered, error),
) (err error) {
	for i := range stale {
		if stale[i].rendered, err = render(ctx, stale[i].source); err != nil {
			return err
		}
	}
	return s.replaceRendered(ctx, stale)
}

// replaceRendered replaces what messages were rendered to. A server with a newer renderer may have rendered some of
// them meanwhile, and an author may have edited some: these stay.
func (s *Store) replaceRendered(ctx context.Context, messages []staleMessage) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		for _, m := range messages {
			_, err := tx.ExecContext(ctx, `UPDATE messages SET html = $1, text = $2, mentions = $3, renderer = $4
				WHERE id = $5 AND edits = $6 AND renderer <= $4 AND NOT erased`,
				m.rendered.HTML, m.rendered.Text, m.rendered.mentionsColumn(), m.rendered.Renderer, m.id, m.edits)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
