-- +goose Up
-- How often somebody's friends and blocks changed: part of the address of what is made of them.
ALTER TABLE users ADD COLUMN circle BIGINT NOT NULL DEFAULT 0;

CREATE TABLE friend_requests (
    from_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    to_id       BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    asked_at    BIGINT NOT NULL,
    declined_at BIGINT NOT NULL DEFAULT 0, -- 0: not answered yet
    PRIMARY KEY (from_id, to_id)
);
CREATE INDEX friend_requests_to ON friend_requests (to_id, asked_at);

-- A friendship is two rows, one for each.
CREATE TABLE friends (
    user_id   BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    friend_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since     BIGINT NOT NULL,
    PRIMARY KEY (user_id, friend_id)
);
CREATE INDEX friends_friend ON friends (friend_id);

CREATE TABLE blocks (
    blocker_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    blocked_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since      BIGINT NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
);
CREATE INDEX blocks_blocked ON blocks (blocked_id);

-- +goose Down
DROP TABLE blocks;
DROP TABLE friends;
DROP TABLE friend_requests;
ALTER TABLE users DROP COLUMN circle;
