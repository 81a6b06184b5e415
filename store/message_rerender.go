package store

import (
	"context"
	"strconv"

	"plaza/store/database"
)

// rerenderBatch is the maximum number of messages that one transaction renders again. Larger
// transactions would delay posts.
const rerenderBatch = 100

// renderedBy is the name of the metadata that holds the renderer's version of all messages.
const renderedBy = "renderer"

// RenderAgain renders all messages again that were rendered by another version of the renderer. It
// works in small transactions. It may be stopped at any moment, and continues where it stopped. An
// erased message stays erased.
func (s *Store) RenderAgain(ctx context.Context, renderer int, render func(ctx context.Context, source string) (Rendered, error)) error {
	done, err := s.metadata(ctx, renderedBy)
	if err != nil || done == strconv.Itoa(renderer) {
		return err
	}
	for last := int64(0); ; {
		stale, err := s.staleMessages(ctx, last, renderer)
		if err != nil {
			return err
		}
		if len(stale) == 0 {
			return s.setMetadata(ctx, renderedBy, strconv.Itoa(renderer))
		}
		for i := range stale {
			if stale[i].rendered, err = render(ctx, stale[i].source); err != nil {
				return err
			}
		}
		if err := s.replaceRendered(ctx, stale); err != nil {
			return err
		}
		last = stale[len(stale)-1].id
	}
}

type staleMessage struct {
	id       int64
	source   string
	rendered Rendered
}

func (s *Store) staleMessages(ctx context.Context, after int64, renderer int) ([]staleMessage, error) {
	var stale []staleMessage
	err := s.each(ctx, func(row database.Row) error {
		var m staleMessage
		err := row.Scan(&m.id, &m.source)
		stale = append(stale, m)
		return err
	}, `SELECT id, source FROM messages WHERE id > $1 AND renderer <> $2 AND NOT erased AND event = ''
		ORDER BY id LIMIT $3`, after, renderer, rerenderBatch)
	return stale, err
}

func (s *Store) replaceRendered(ctx context.Context, messages []staleMessage) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		for _, m := range messages {
			_, err := tx.ExecContext(ctx,
				`UPDATE messages SET html = $1, text = $2, mentions = $3, renderer = $4 WHERE id = $5 AND NOT erased`,
				m.rendered.HTML, m.rendered.Text, m.rendered.mentionsColumn(), m.rendered.Renderer, m.id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
