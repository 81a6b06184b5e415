-- +goose Up
-- Whoever may read a private room is in members.
ALTER TABLE rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'public'; -- or 'pair', or 'group'
-- The two whose room a pair is, the one with the lower id first; both the same: a notebook.
ALTER TABLE rooms ADD COLUMN low_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN high_id BIGINT NOT NULL DEFAULT 0;
-- How often that changed which its page shows beside the log: who has read how far, who may write.
ALTER TABLE rooms ADD COLUMN state BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX rooms_pair ON rooms (low_id, high_id) WHERE kind = 'pair';

CREATE TABLE members (
    room_id BIGINT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since   BIGINT NOT NULL,
    read_to BIGINT NOT NULL DEFAULT 0, -- the version up to which they have read
    unread  BIGINT NOT NULL DEFAULT 0, -- how many messages of others came after it
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_user ON members (user_id);
CREATE INDEX members_unread ON members (user_id) WHERE unread > 0;

-- What its author did to a room stands in its log, too: '' is a message.
ALTER TABLE messages ADD COLUMN event TEXT NOT NULL DEFAULT ''; -- or 'joined', 'left', 'named'

ALTER TABLE users ADD COLUMN private_from TEXT NOT NULL DEFAULT 'friends'; -- or 'anyone', or 'nobody'
ALTER TABLE users ADD COLUMN receipts BOOLEAN NOT NULL DEFAULT TRUE; -- whether they show, and see, who has read how far

-- +goose Down
ALTER TABLE users DROP COLUMN receipts;
ALTER TABLE users DROP COLUMN private_from;
ALTER TABLE messages DROP COLUMN event;
DROP TABLE members;
DROP INDEX rooms_pair;
ALTER TABLE rooms DROP COLUMN state;
ALTER TABLE rooms DROP COLUMN high_id;
ALTER TABLE rooms DROP COLUMN low_id;
ALTER TABLE rooms DROP COLUMN kind;
