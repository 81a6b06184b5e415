-- +goose Up
ALTER TABLE users ADD COLUMN renamed_at BIGINT NOT NULL DEFAULT 0; -- 0: never
ALTER TABLE users ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0; -- 0: not deleted

-- A message that was erased keeps its place, without its text.
ALTER TABLE messages ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;
-- For all that somebody wrote, in order.
CREATE INDEX messages_author ON messages (author_id, id);

-- The names that people had lately: they lead to whoever had them, and nobody else gets them.
CREATE TABLE old_usernames (
    username_key  TEXT   PRIMARY KEY,
    username_look TEXT   NOT NULL,
    username      TEXT   NOT NULL,
    user_id       BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until         BIGINT NOT NULL
);
CREATE INDEX old_usernames_look ON old_usernames (username_look);
CREATE INDEX old_usernames_user ON old_usernames (user_id);
CREATE INDEX old_usernames_until ON old_usernames (until);

-- +goose Down
DROP TABLE old_usernames;
DROP INDEX messages_author;
ALTER TABLE messages DROP COLUMN erased;
ALTER TABLE users DROP COLUMN deleted_at;
ALTER TABLE users DROP COLUMN renamed_at;
