-- +goose Up
-- Mails that wait to be sent, written in the transactions that they are about.
CREATE TABLE jobs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    attempts  BIGINT NOT NULL DEFAULT 0,
    next_at   BIGINT NOT NULL, -- when it may be tried next
    made_at   BIGINT NOT NULL
);
CREATE INDEX jobs_next ON jobs (next_at);

-- Emails that people want to have, until they open the link that was sent there.
CREATE TABLE email_changes (
    user_id    BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    email      TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    made_at    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE email_changes;
DROP TABLE jobs;
