-- +goose Up
INSERT INTO facts (name, value) VALUES ('site', lower(hex(randomblob(8))));

CREATE INDEX sessions_created ON sessions (created_at);
CREATE INDEX ended_sessions_ended ON ended_sessions (ended_at);

-- +goose Down
DROP INDEX ended_sessions_ended;
DROP INDEX sessions_created;
DELETE FROM facts WHERE name = 'site';
