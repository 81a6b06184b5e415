-- +goose Up
-- What somebody is to hear of, written in the transactions that cause it. While it is unread, what
-- is like it is counted there.
CREATE TABLE notifications (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id  BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whom it concerns
    kind     TEXT    NOT NULL,
    like_id  BIGINT  NOT NULL, -- what is alike, within its kind: an author's id, a room's, or 0: all
    actor_id BIGINT  NOT NULL, -- who caused it last; 0: nobody else
    room_id  BIGINT  NOT NULL DEFAULT 0, -- of the message that it leads to; 0: to none
    seq      BIGINT  NOT NULL DEFAULT 0,
    count    BIGINT  NOT NULL DEFAULT 1,
    detail   TEXT    NOT NULL DEFAULT '', -- a browser
    at       BIGINT  NOT NULL,
    read_at  BIGINT  NOT NULL DEFAULT 0 -- 0: unread
);
CREATE UNIQUE INDEX notifications_alike ON notifications (user_id, kind, like_id) WHERE read_at = 0;
CREATE INDEX notifications_unread ON notifications (user_id, at) WHERE read_at = 0;
CREATE INDEX notifications_user ON notifications (user_id, at);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_at ON notifications (at);

-- The kinds that people do not want to hear of.
CREATE TABLE muted_kinds (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT   NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- The browsers in which somebody has signed in, by the hash of a token that each keeps.
CREATE TABLE browsers (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB   NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (user_id, token_hash)
);
CREATE INDEX browsers_used ON browsers (used_at);

-- Whom something concerned lately, for servers that were not told otherwise.
CREATE TABLE concerns (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX concerns_at ON concerns (at);

-- +goose Down
DROP TABLE concerns;
DROP TABLE browsers;
DROP TABLE muted_kinds;
DROP TABLE notifications;
