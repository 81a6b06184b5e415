-- +goose Up
-- When somebody was last here, to within a minute, or an hour where they have no live connection;
-- 0: never since this is noted.
ALTER TABLE users ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN seen_hidden BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN theme TEXT NOT NULL DEFAULT ''; -- 'light' or 'dark'; '': as the device has it
UPDATE users SET seen_at = coalesce((SELECT max(used_at) FROM sessions WHERE user_id = users.id), 0);

-- +goose Down
ALTER TABLE users DROP COLUMN theme;
ALTER TABLE users DROP COLUMN seen_hidden;
ALTER TABLE users DROP COLUMN seen_at;
