package store

import "context"

// Thread is a part of a thread: of the message that began it, and of its replies.
type Thread struct {
	Part
	Began int64 // the seq of the message that began it
}

// Thread returns up to limit messages of the thread that a message belongs to, those before a seq. A message without
// replies is a thread of its own. It returns no message that is later than the version of the room, since the viewer may
// have left after it. The kind is NotFound if the user may not read the room or if there is no such message. The cost
// does not grow with the thread.
func (s *Store) Thread(ctx context.Context, userID, room, seq, before int64, limit int) (Room, Message, Thread, error) {
	found, message, err := s.Message(ctx, userID, room, seq)
	if err != nil {
		return Room{}, Message{}, Thread{}, err
	}
	thread := Thread{Began: message.Thread}
	if thread.Began == 0 {
		thread.Began = seq
	}
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+fromMessages+`
		WHERE m.room_id = $1 AND m.seq < $3 AND (m.seq = $2 OR m.seq IN (SELECT t.seq FROM messages t
			WHERE t.room_id = $1 AND t.thread = $2 AND t.thread > 0 AND t.seq < $3 ORDER BY t.seq DESC LIMIT $4))
		ORDER BY m.seq DESC LIMIT $4`, []any{room, thread.Began, min(before, found.Version+1), limit + 1})
	thread.Messages, thread.Older = pageOf(messages, limit)
	return found, message, thread, err
}
