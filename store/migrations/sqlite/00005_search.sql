-- +goose Up
-- Whether name_parts has all of the account's names.
ALTER TABLE users ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX users_unlisted ON users (id) WHERE NOT listed;

-- By what accounts are found: each end of their names, folded and cut, so that what somebody
-- looks for is the beginning of one, wherever in a name it stands.
CREATE TABLE name_parts (
    begins  BOOLEAN NOT NULL, -- whether it begins where the name does
    part    TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (begins, part, user_id)
) WITHOUT ROWID;
CREATE INDEX name_parts_user ON name_parts (user_id);

-- +goose Down
DROP TABLE name_parts;
DROP INDEX users_unlisted;
ALTER TABLE users DROP COLUMN listed;
