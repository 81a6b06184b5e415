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

-- Token buckets and counts of failures, by what they are of: they hold for all servers together.
CREATE UNLOGGED TABLE buckets (
    name    TEXT   PRIMARY KEY,
    full_at BIGINT NOT NULL -- when it will be full again, by the database's clock
);
CREATE INDEX buckets_full ON buckets (full_at);
CREATE UNLOGGED TABLE failures (
    name  TEXT   PRIMARY KEY,
    times BIGINT NOT NULL,
    last  BIGINT NOT NULL
);
CREATE INDEX failures_last ON failures (last);

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
