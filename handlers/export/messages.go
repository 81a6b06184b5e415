package export

import (
	"context"
	"fmt"
	"io"

	"plaza/store"
	"plaza/views"
)

// messages calls do with each message of a user, the oldest first. It stops at the first error.
type messages func(do func(m store.OwnMessage) error) error

// messagesAsJSON writes an array with an entry on each line.
func messagesAsJSON(each messages) func(w io.Writer) error {
	return arrayAsJSON(each, func(m store.OwnMessage) any {
		return messageJSON{views.ExportedRoom(m.Room), m.PostedAt, m.Source}
	})
}

// arrayAsJSON writes an array with what entry makes of each value, on a line each.
func arrayAsJSON[T any](each func(do func(value T) error) error, entry func(value T) any) func(w io.Writer) error {
	return func(w io.Writer) error {
		encoder, before := newEncoder(w), "[\n"
		err := each(func(value T) error {
			if _, err := io.WriteString(w, before); err != nil {
				return err
			}
			before = ","
			return encoder.Encode(entry(value))
		})
		if err != nil {
			return err
		}
		if before == "," {
			before = ""
		}
		_, err = io.WriteString(w, before+"]\n")
		return err
	}
}

// messagesAsMarkdown writes the source of each message under a heading.
func messagesAsMarkdown(user store.User, each messages) func(w io.Writer) error {
	return func(w io.Writer) error {
		if _, err := fmt.Fprintf(w, "# %s\n", views.ExportedTitle(user.Username)); err != nil {
			return err
		}
		return each(func(m store.OwnMessage) error {
			at := m.PostedAt.Format("2 January 2006, 15:04 UTC")
			_, err := fmt.Fprintf(w, "\n## %s, %s\n\n%s\n", views.ExportedRoom(m.Room), at, m.Source)
			return err
		})
	}
}

// eachMessage calls do with each message of a user, which it reads in batches.
func eachMessage(ctx context.Context, s *store.Store, user store.User, do func(m store.OwnMessage) error) error {
	for last := int64(0); ; {
		messages, err := s.MessagesBy(ctx, user, last, batch)
		if err != nil {
			return err
		}
		for _, message := range messages {
			if err := do(message); err != nil {
				return err
			}
			last = message.ID
		}
		if len(messages) < batch {
			return nil
		}
	}
}
