-- +goose Up
-- What a person's picture is made of, as a hash, and so where it is served; empty: it has none.
ALTER TABLE users ADD COLUMN picture TEXT NOT NULL DEFAULT '';

CREATE TABLE pictures (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    large   BYTEA NOT NULL, -- JPEG
    small   BYTEA NOT NULL
);

-- +goose Down
DROP TABLE pictures;
ALTER TABLE users DROP COLUMN picture;
