-- +goose Up
INSERT INTO facts (name, value) VALUES ('site', replace(gen_random_uuid()::text, '-', ''));

-- What only several servers need: who they are and whom each has online. A server that has not
-- been seen for a while is gone, and so are those who were online with it.
CREATE UNLOGGED TABLE nodes (
    id      TEXT   PRIMARY KEY,
    seen_at BIGINT NOT NULL, -- by the database's clock
    changes BIGINT NOT NULL  -- how often its people changed
);
CREATE UNLOGGED TABLE node_people (
    node_id TEXT   NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (node_id, user_id)
);

-- Token buckets and counts of failures, by a hash of what they are of: they hold for all servers
-- together. Times are by the clock of the server that asks, so servers' clocks have to agree to a
-- second. There is no index on them: each token taken would have to be written to it too, for a
-- look through some thousands of rows once a minute.
CREATE UNLOGGED TABLE buckets (
    name    TEXT    PRIMARY KEY,
    given   BOOLEAN NOT NULL, -- whether the last who asked got a token: how that one learns it
    full_at BIGINT  NOT NULL  -- when it will be full again
);
CREATE UNLOGGED TABLE failures (
    name  TEXT   PRIMARY KEY,
    times BIGINT NOT NULL,
    last  BIGINT NOT NULL
);

CREATE INDEX sessions_created ON sessions (created_at);
CREATE INDEX ended_sessions_ended ON ended_sessions (ended_at);

-- +goose Down
DROP INDEX ended_sessions_ended;
DROP INDEX sessions_created;
DROP TABLE failures;
DROP TABLE buckets;
DROP TABLE node_people;
DROP TABLE nodes;
DELETE FROM facts WHERE name = 'site';
