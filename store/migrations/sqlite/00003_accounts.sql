-- +goose Up
ALTER TABLE users ADD COLUMN about TEXT NOT NULL DEFAULT ''; -- Markdown
ALTER TABLE users ADD COLUMN email_hidden BOOLEAN NOT NULL DEFAULT TRUE;

-- What happened lately that each server has to act upon: a session ended, whose sockets it
-- closes, or somebody's name changed, of which it may have made pages.
CREATE TABLE news (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL, -- of the session that ended; empty: none
    user_id    BIGINT NOT NULL, -- who changed; 0: nobody
    at         BIGINT NOT NULL
);
CREATE INDEX news_at ON news (at);
DROP TABLE ended_sessions;

-- +goose Down
CREATE TABLE ended_sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL,
    ended_at   BIGINT NOT NULL
);
CREATE INDEX ended_sessions_ended ON ended_sessions (ended_at);
DROP TABLE news;
ALTER TABLE users DROP COLUMN email_hidden;
ALTER TABLE users DROP COLUMN about;
