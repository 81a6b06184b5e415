-- The schema of a site, on SQLite. store/database/migrations/postgres has the same for PostgreSQL: a test
-- compares the two. Migrations only go forward: later files change what stands here.
--
-- Times are Unix milliseconds in UTC, and 0 means never. Booleans default to what a new account gets.

-- +goose Up

-- What the site knows about itself, by name.
CREATE TABLE metadata (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
-- Tells this site from others on the same message bus.
INSERT INTO metadata (name, value) VALUES ('site', lower(hex(randomblob(8))));

-- Accounts. A deleted account keeps its row, without anything personal, for the messages it wrote.
CREATE TABLE users (
    id                INTEGER PRIMARY KEY,
    username          TEXT    NOT NULL,
    username_key      TEXT    NOT NULL UNIQUE, -- case folded: what sign-in looks for
    username_look     TEXT    NOT NULL UNIQUE, -- the same for names that look alike
    display_name      TEXT    NOT NULL DEFAULT '',
    email             TEXT    NOT NULL,
    email_key         TEXT    NOT NULL UNIQUE, -- in lower case
    email_hidden      BOOLEAN NOT NULL DEFAULT TRUE,
    email_verified    BOOLEAN NOT NULL DEFAULT FALSE, -- the user has opened a link that was sent there
    password_hash     TEXT    NOT NULL,
    password_version  BIGINT  NOT NULL DEFAULT 0, -- how often the password changed
    password_set_at   BIGINT  NOT NULL DEFAULT 0, -- when the password last changed
    role              TEXT    NOT NULL, -- 'member' or 'owner'
    about             TEXT    NOT NULL DEFAULT '', -- Markdown
    picture           TEXT    NOT NULL DEFAULT '', -- a hash of the picture; '': none
    theme             TEXT    NOT NULL DEFAULT '', -- 'light' or 'dark'; '': as the device has it
    private_from      TEXT    NOT NULL DEFAULT 'friends', -- or 'anyone', or 'nobody'
    receipts          BOOLEAN NOT NULL DEFAULT TRUE, -- shows how far the user has read, and sees that of others
    announces         BOOLEAN NOT NULL DEFAULT TRUE, -- screen readers read out new messages
    digest            TEXT    NOT NULL DEFAULT '', -- mail about what the user missed: 'hourly' or 'daily'; '': none
    digest_at         BIGINT  NOT NULL DEFAULT 0, -- when the last one was sent, or chosen
    relations_version BIGINT  NOT NULL DEFAULT 0, -- how often friends, blocks or their names changed
    created_at        BIGINT  NOT NULL,
    renamed_at        BIGINT  NOT NULL DEFAULT 0,
    seen_at           BIGINT  NOT NULL DEFAULT 0, -- last here: to a minute, or an hour without a live connection
    seen_hidden       BOOLEAN NOT NULL DEFAULT FALSE,
    public_read_to    BIGINT  NOT NULL DEFAULT 0, -- the version of the public chat up to which the user has read
    deleted_at        BIGINT  NOT NULL DEFAULT 0,
    erasing           BOOLEAN NOT NULL DEFAULT FALSE, -- deleted, and FinishDeletions must erase the messages
    mentioned         BOOLEAN NOT NULL DEFAULT FALSE, -- deleted, and UnlinkMentions must look for messages that link to it
    reacted           BOOLEAN NOT NULL DEFAULT FALSE -- deleted, and FinishDeletions must remove the reactions
);
CREATE INDEX users_digest ON users (digest_at) WHERE digest <> '';
CREATE INDEX users_owners ON users (id) WHERE role = 'owner';
CREATE INDEX users_erasing ON users (id) WHERE erasing;
CREATE INDEX users_mentioned ON users (id) WHERE mentioned;
CREATE INDEX users_reacted ON users (id) WHERE reacted;

-- Every suffix of a name, folded and cut. A search finds text anywhere in a name by a range of this
-- index.
CREATE TABLE name_parts (
    begins  BOOLEAN NOT NULL, -- the suffix is the whole name
    part    TEXT    NOT NULL,
    user_id BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (begins, part, user_id)
) WITHOUT ROWID;
CREATE INDEX name_parts_user ON name_parts (user_id);

-- Former usernames. Each leads to its account, and no other account gets it, until a time.
CREATE TABLE old_usernames (
    username_key  TEXT   PRIMARY KEY,
    username_look TEXT   NOT NULL,
    username      TEXT   NOT NULL,
    user_id       BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    until         BIGINT NOT NULL
);
CREATE INDEX old_usernames_look ON old_usernames (username_look);
CREATE INDEX old_usernames_user ON old_usernames (user_id);
CREATE INDEX old_usernames_until ON old_usernames (until);

-- Uploaded profile pictures, as JPEG.
CREATE TABLE pictures (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    large   BLOB   NOT NULL,
    small   BLOB   NOT NULL
);

-- Email addresses that wait to be confirmed by the link that was sent there.
CREATE TABLE email_changes (
    user_id    BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    email      TEXT   NOT NULL,
    token_hash BLOB   NOT NULL UNIQUE,
    made_at    BIGINT NOT NULL
);

-- Addresses whose mail server has refused mail to them for good. They get no more mail but the link that verifies
-- them. A row is about an address and not an account, because mail also goes to addresses that no account has
-- yet, and because an account that takes another address must be free of it.
CREATE TABLE refused_addresses (
    email_key TEXT   PRIMARY KEY,
    status    BIGINT NOT NULL, -- of the SMTP server, such as 550
    at        BIGINT NOT NULL
);
CREATE INDEX refused_addresses_at ON refused_addresses (at);

-- Links that set a new password, one an account. They die with a change of the password or of the email.
CREATE TABLE password_resets (
    user_id    BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB   NOT NULL UNIQUE,
    made_at    BIGINT NOT NULL
);
CREATE INDEX password_resets_made ON password_resets (made_at);

-- Links that end digests, one a digest.
CREATE TABLE digest_links (
    token_hash BLOB   PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    made_at    BIGINT NOT NULL
);
CREATE INDEX digest_links_user ON digest_links (user_id);
CREATE INDEX digest_links_made ON digest_links (made_at);

-- Signed-in browsers, by the SHA-256 of the token in the browser's cookie.
CREATE TABLE sessions (
    token_hash BLOB   PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT   NOT NULL,
    opened_by  TEXT   NOT NULL DEFAULT 'password', -- see session.go
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_used ON sessions (used_at);
CREATE INDEX sessions_created ON sessions (created_at);

-- Browsers that an account has signed in with, by the SHA-256 of a token that outlives sessions.
CREATE TABLE browsers (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB   NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (user_id, token_hash)
);
CREATE INDEX browsers_used ON browsers (used_at);

-- Invitations to create an account, each by a link.
CREATE TABLE invites (
    code       TEXT    PRIMARY KEY,
    maker_id   BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note       TEXT    NOT NULL,
    uses       BIGINT  NOT NULL, -- how many people may come by it
    used       BIGINT  NOT NULL DEFAULT 0,
    made_at    BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL, -- 0: never
    revoked    BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX invites_maker ON invites (maker_id, made_at);
CREATE INDEX invites_expires ON invites (expires_at) WHERE expires_at > 0;

-- Who came by an invitation.
CREATE TABLE invited (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    code    TEXT   NOT NULL REFERENCES invites (code) ON DELETE CASCADE,
    at      BIGINT NOT NULL
);
CREATE INDEX invited_code ON invited (code);

-- The secrets of authenticator apps: the second step of signing in, one for each account.
CREATE TABLE totp (
    user_id   BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret    BLOB   NOT NULL,
    last_step BIGINT NOT NULL DEFAULT 0, -- the last time step of which a code was used
    made_at   BIGINT NOT NULL,
    on_since  BIGINT NOT NULL DEFAULT 0 -- 0: no code has confirmed it, so sign-in does not ask for one
);
CREATE INDEX totp_begun ON totp (made_at) WHERE on_since = 0;

-- Codes that each take the place of one code of an authenticator app, by their SHA-256.
CREATE TABLE recovery_codes (
    user_id   BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BLOB   NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Sign-ins that wait for a code after the right password, by the SHA-256 of the token in the browser's cookie.
CREATE TABLE half_sign_ins (
    token_hash       BLOB   PRIMARY KEY,
    user_id          BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_version BIGINT NOT NULL, -- of the password that was right
    failures         BIGINT NOT NULL DEFAULT 0, -- the number of wrong codes
    made_at          BIGINT NOT NULL
);
CREATE INDEX half_sign_ins_user ON half_sign_ins (user_id);
CREATE INDEX half_sign_ins_made ON half_sign_ins (made_at);

-- Passkeys. An authenticator knows an account by its handle, which all passkeys of the account share.
CREATE TABLE passkeys (
    id            INTEGER PRIMARY KEY,
    user_id       BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    handle        BLOB    NOT NULL,
    credential_id BLOB    NOT NULL UNIQUE,
    credential    TEXT    NOT NULL, -- JSON, with the public key, the flags and the sign count
    made_at       BIGINT  NOT NULL,
    used_at       BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Challenges that wait for the answer of a passkey, by the SHA-256 of the challenge.
CREATE TABLE challenges (
    challenge_hash BLOB   PRIMARY KEY,
    user_id        BIGINT NOT NULL, -- who adds a passkey; 0: somebody signs in
    data           TEXT   NOT NULL, -- JSON, without the challenge
    made_at        BIGINT NOT NULL
);
CREATE INDEX challenges_user ON challenges (user_id);
CREATE INDEX challenges_made ON challenges (made_at);

-- Who signs an account in at a provider of sign-ins (OpenID Connect).
CREATE TABLE identities (
    id      INTEGER PRIMARY KEY,
    issuer  TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- what the issuer calls the person, for ever
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name    TEXT   NOT NULL, -- for people; it may change
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

-- Browsers that were sent to a provider of sign-ins, by the SHA-256 of the token in the browser's cookie.
CREATE TABLE provider_sign_ins (
    token_hash       BLOB   PRIMARY KEY,
    nonce            TEXT   NOT NULL, -- what the provider's answer must contain
    verifier         TEXT   NOT NULL, -- of PKCE
    next             TEXT   NOT NULL, -- the local path to go to afterwards
    user_id          BIGINT NOT NULL, -- the account that is to be linked; 0: none
    password_version BIGINT NOT NULL, -- of the password that was right
    made_at          BIGINT NOT NULL
);
CREATE INDEX provider_sign_ins_made ON provider_sign_ins (made_at);

-- Identities that no account has yet, by the SHA-256 of the token in the browser's cookie.
CREATE TABLE provider_claims (
    token_hash BLOB   PRIMARY KEY,
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL
);
CREATE INDEX provider_claims_made ON provider_claims (made_at);

-- Requests for friendship. A declined request stays for a while, so that it is not sent again.
CREATE TABLE friend_requests (
    from_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    to_id       BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    asked_at    BIGINT NOT NULL,
    declined_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (from_id, to_id)
);
CREATE INDEX friend_requests_to ON friend_requests (to_id, asked_at);

-- Friendships. Each has two rows, one for each side.
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

-- Rooms. Who may read and write in one follows from its kind and its members: see room_access.go.
CREATE TABLE rooms (
    id             INTEGER PRIMARY KEY,
    kind           TEXT    NOT NULL, -- 'public', 'pair' or 'group'
    name           TEXT    NOT NULL DEFAULT '', -- of a group; '' for the public chat, which the views name
    low_id         BIGINT  NOT NULL DEFAULT 0, -- of a pair: the two users, the lower id first;
    high_id        BIGINT  NOT NULL DEFAULT 0, -- the same id twice is a user's notebook
    version        BIGINT  NOT NULL DEFAULT 0, -- the number of changes so far
    epoch          BIGINT  NOT NULL DEFAULT 0, -- a random number that names the log's history; 0: the log is empty
    epoch_from     BIGINT  NOT NULL DEFAULT 0, -- the version at which the epoch began
    epoch_before   BIGINT  NOT NULL DEFAULT 0, -- the epoch before; its versions up to epoch_from belong to this one too
    epoch_run      BIGINT  NOT NULL DEFAULT 0, -- the run of the database in which the epoch began
    state          BIGINT  NOT NULL DEFAULT 0, -- the number of changes of what pages show beside the log
    last_author_id BIGINT  NOT NULL DEFAULT 0, -- of the newest message, for grouping; 0: none
    last_posted_at BIGINT  NOT NULL DEFAULT 0,
    group_at       BIGINT  NOT NULL DEFAULT 0, -- of the first message of the newest group
    group_size     BIGINT  NOT NULL DEFAULT 0, -- the number of messages in it
    abandoned      BOOLEAN NOT NULL DEFAULT FALSE -- has no members, so FinishDeletions removes it
);
CREATE UNIQUE INDEX rooms_pair ON rooms (low_id, high_id) WHERE kind = 'pair';
CREATE INDEX rooms_abandoned ON rooms (id) WHERE abandoned;
INSERT INTO rooms (id, kind) VALUES (1, 'public');

-- Members of pairs and groups.
CREATE TABLE members (
    room_id BIGINT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since   BIGINT NOT NULL,
    read_to BIGINT NOT NULL DEFAULT 0, -- the version up to which the member has read
    unread  BIGINT NOT NULL DEFAULT 0, -- the number of other members' messages after read_to
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_user ON members (user_id);
CREATE INDEX members_unread ON members (user_id) WHERE unread > 0;

-- Each room's log: messages, and events such as a member joining. A row holds the current state.
CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    room_id    BIGINT  NOT NULL REFERENCES rooms (id),
    seq        BIGINT  NOT NULL, -- the room's version at the post; it orders the log
    version    BIGINT  NOT NULL, -- the room's version at the latest change of this
    author_id  BIGINT  NOT NULL REFERENCES users (id),
    nonce      TEXT    NOT NULL, -- chosen by the client: posting it again adds no second message
    event      TEXT    NOT NULL DEFAULT '', -- 'joined', 'left' or 'named'; '': a message
    source     TEXT    NOT NULL, -- Markdown, or a group's new name
    html       TEXT    NOT NULL, -- safe HTML, rendered from the source
    text       TEXT    NOT NULL, -- the source as one line of plain text
    mentions   TEXT    NOT NULL, -- the mentioned usernames, separated by spaces
    renderer   BIGINT  NOT NULL, -- the version of the renderer that made these
    continues  BOOLEAN NOT NULL, -- belongs to the group of the message before
    posted_at  BIGINT  NOT NULL,
    reply_to   BIGINT  NOT NULL DEFAULT 0, -- the seq of the message that this answers; 0: none
    thread     BIGINT  NOT NULL DEFAULT 0, -- the seq of the message that began the thread; 0: this answers none
    replies    BIGINT  NOT NULL DEFAULT 0, -- of a message that began a thread: the messages in it that are not deleted
    edits      BIGINT  NOT NULL DEFAULT 0, -- how often the text was replaced, and so the number of the text
    edited_at  BIGINT  NOT NULL DEFAULT 0,
    deleted_at BIGINT  NOT NULL DEFAULT 0, -- by the author, who may restore it for some seconds
    erased     BOOLEAN NOT NULL DEFAULT FALSE, -- the text is gone; the place in the log stays
    reactions  TEXT    NOT NULL DEFAULT '' -- what readers see of them: see message_reaction.go
);
CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);
CREATE UNIQUE INDEX messages_version ON messages (room_id, version);
CREATE UNIQUE INDEX messages_nonce ON messages (author_id, nonce);
CREATE INDEX messages_author ON messages (author_id, id);
CREATE INDEX messages_thread ON messages (room_id, thread, seq) WHERE thread > 0;
CREATE INDEX messages_renderer ON messages (renderer, id) WHERE NOT erased AND event = '';
CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at > 0 AND NOT erased;

-- The texts that messages had before they were edited.
CREATE TABLE earlier_texts (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL, -- 0 is the text as posted
    source     TEXT   NOT NULL,
    mentions   TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL, -- when it was posted or saved
    PRIMARY KEY (message_id, number)
);

-- Messages that users have saved for themselves.
CREATE TABLE saved_messages (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (user_id, message_id)
);
CREATE INDEX saved_messages_at ON saved_messages (user_id, saved_at);
CREATE INDEX saved_messages_message ON saved_messages (message_id);

-- What users are writing, one text a room. Sending it deletes it.
CREATE TABLE drafts (
    room_id  BIGINT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body     TEXT   NOT NULL,
    replaced TEXT   NOT NULL DEFAULT '', -- another text of the user, which can be brought back
    version  BIGINT NOT NULL, -- when it was saved
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX drafts_user ON drafts (user_id);

-- The reactions to messages: each user reacts at most once with each emoji.
CREATE TABLE reactions (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji      TEXT   NOT NULL,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at         BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
) WITHOUT ROWID;
CREATE INDEX reactions_at ON reactions (message_id, emoji, at, user_id);
CREATE INDEX reactions_user ON reactions (user_id, message_id);

-- The kinds of reactions to a message. It is counted here, because many people may react with the same emoji.
CREATE TABLE reaction_kinds (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    emoji      TEXT   NOT NULL,
    count      BIGINT NOT NULL,
    newest     TEXT   NOT NULL, -- the ids of the users who reacted last, the latest first
    began_at   BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji)
) WITHOUT ROWID;

-- Messages that are pinned in their rooms.
CREATE TABLE pins (
    message_id BIGINT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    room_id    BIGINT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    pinned_at  BIGINT NOT NULL
);
CREATE INDEX pins_room ON pins (room_id, pinned_at);

-- Notifications, written in the transactions that cause them. While a notification is unread,
-- further ones like it add to its count.
CREATE TABLE notifications (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id  BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- the recipient
    kind     TEXT    NOT NULL,
    like_id  BIGINT  NOT NULL, -- unread ones of a kind with the same like_id share a row: the id of an author, a room or a message, or 0
    actor_id BIGINT  NOT NULL, -- the user who caused the latest event; 0: no other user
    room_id  BIGINT  NOT NULL DEFAULT 0, -- of the message that it links to; 0: none
    seq      BIGINT  NOT NULL DEFAULT 0,
    count    BIGINT  NOT NULL DEFAULT 1,
    detail   TEXT    NOT NULL DEFAULT '', -- a user agent, or an emoji
    at       BIGINT  NOT NULL,
    read_at  BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX notifications_alike ON notifications (user_id, kind, like_id) WHERE read_at = 0;
CREATE INDEX notifications_unread ON notifications (user_id, at) WHERE read_at = 0;
CREATE INDEX notifications_user ON notifications (user_id, at);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_at ON notifications (at);

-- Kinds of notifications that users have turned off.
CREATE TABLE muted_kinds (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT   NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- Waiting work, such as mail to send. It is written in the transaction that asks for it.
CREATE TABLE jobs (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT   NOT NULL,
    user_id  BIGINT NOT NULL DEFAULT 0, -- the account it is about; 0: none
    payload  TEXT   NOT NULL, -- JSON; its fields depend on the kind
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at  BIGINT NOT NULL, -- when a worker may claim it
    made_at  BIGINT NOT NULL
);
CREATE INDEX jobs_next ON jobs (kind, next_at);
CREATE INDEX jobs_user ON jobs (user_id);

-- The certificates of the site's names, which an authority gives by ACME. All servers share them.
CREATE TABLE certificates (
    name      TEXT   PRIMARY KEY,
    pem       TEXT   NOT NULL DEFAULT '', -- the private key and then the chain; '': there is none yet
    failures  BIGINT NOT NULL DEFAULT 0, -- how many orders have failed since the last one that did not
    problem   TEXT   NOT NULL DEFAULT '', -- why the last order failed
    next_at   BIGINT NOT NULL DEFAULT 0, -- nobody may order one before then
    challenge TEXT   NOT NULL DEFAULT '', -- by which the authority finds out that the name is the site's
    answer    TEXT   NOT NULL DEFAULT '' -- what the site answers to the challenge
);

-- Events that every server of the site must act on: a session ended, so its sockets must close,
-- a user's name or picture changed, so pages with them are out of date, or, if an event names
-- neither, the settings of the site changed.
CREATE TABLE site_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB    NOT NULL, -- of the session that ended; empty: none
    user_id    BIGINT  NOT NULL, -- the changed user; 0: none
    at         BIGINT  NOT NULL
);
CREATE INDEX site_events_at ON site_events (at);

-- Whose inbox changed, for servers that missed it on the bus. A site on SQLite has one
-- server and no rows here: the table keeps the schemas the same.
CREATE TABLE inbox_changes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT  NOT NULL,
    at      BIGINT  NOT NULL
);
CREATE INDEX inbox_changes_at ON inbox_changes (at);
