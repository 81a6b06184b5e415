-- +goose Up
CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    username      TEXT    NOT NULL,
    username_key  TEXT    NOT NULL UNIQUE, -- case folded: what sign-in looks for
    username_look TEXT    NOT NULL UNIQUE, -- what it looks like: refuses confusable twins
    display_name  TEXT    NOT NULL DEFAULT '',
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('member', 'owner')),
    created_at    BIGINT  NOT NULL
);

CREATE TABLE sessions (
    token_hash BLOB   PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_used ON sessions (used_at);

-- Sessions that ended lately: whoever holds a socket of one closes it.
CREATE TABLE ended_sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB    NOT NULL,
    ended_at   BIGINT  NOT NULL
);

CREATE TABLE rooms (
    id             INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL,
    version        BIGINT  NOT NULL DEFAULT 0, -- the number of changes so far
    last_author_id BIGINT  NOT NULL DEFAULT 0, -- of the newest message, for grouping
    last_posted_at BIGINT  NOT NULL DEFAULT 0
);
INSERT INTO rooms (id, name) VALUES (1, 'Public chat');

CREATE TABLE messages (
    id        INTEGER PRIMARY KEY,
    room_id   BIGINT  NOT NULL REFERENCES rooms (id),
    seq       BIGINT  NOT NULL,
    version   BIGINT  NOT NULL,
    author_id BIGINT  NOT NULL REFERENCES users (id),
    nonce     TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    html      TEXT    NOT NULL,
    renderer  BIGINT  NOT NULL,
    continues BOOLEAN NOT NULL,
    posted_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);
CREATE UNIQUE INDEX messages_version ON messages (room_id, version);
CREATE UNIQUE INDEX messages_nonce ON messages (author_id, nonce);

-- What the site knows of itself: a row a fact.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE facts;
DROP TABLE messages;
DROP TABLE rooms;
DROP TABLE ended_sessions;
DROP TABLE sessions;
DROP TABLE users;
