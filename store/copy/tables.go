package copy

import (
	"strings"
)

// columnType is the type of a column, in any database.
type columnType int

const (
	integerColumn columnType = iota
	textColumn
	booleanColumn
	bytesColumn
)

type siteColumn struct {
	name  string
	holds columnType
}

// siteTable is a table that belongs to the site, so a copy includes it.
type siteTable struct {
	name    string
	key     int // the number of leading columns that are the primary key
	columns []siteColumn
	// made is the condition for rows that migrations insert. The site's own rows replace them.
	made string
}

// siteTables are all tables of a site. A table comes after those that it refers to. A test compares
// them with the schema, so that no migration is forgotten here.
var siteTables = []*siteTable{
	// A server that has no owner makes the token of the setup address whenever it starts.
	{name: "metadata", key: 1, made: `name IN ('site', 'setup')`, columns: []siteColumn{
		{"name", textColumn},
		{"value", textColumn},
	}},
	{name: "users", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"username", textColumn},
		{"username_key", textColumn},
		{"username_look", textColumn},
		{"display_name", textColumn},
		{"email", textColumn},
		{"email_key", textColumn},
		{"email_hidden", booleanColumn},
		{"email_verified", booleanColumn},
		{"password_hash", textColumn},
		{"password_version", integerColumn},
		{"password_set_at", integerColumn},
		{"role", textColumn},
		{"about", textColumn},
		{"picture", textColumn},
		{"theme", textColumn},
		{"private_from", textColumn},
		{"receipts", booleanColumn},
		{"announces", booleanColumn},
		{"digest", textColumn},
		{"digest_at", integerColumn},
		{"relations_version", integerColumn},
		{"created_at", integerColumn},
		{"renamed_at", integerColumn},
		{"seen_at", integerColumn},
		{"seen_hidden", booleanColumn},
		{"public_read_to", integerColumn},
		{"deleted_at", integerColumn},
		{"erasing", booleanColumn},
		{"mentioned", booleanColumn},
		{"reacted", booleanColumn},
	}},
	{name: "name_parts", key: 3, columns: []siteColumn{
		{"begins", booleanColumn},
		{"part", textColumn},
		{"user_id", integerColumn},
	}},
	{name: "old_usernames", key: 1, columns: []siteColumn{
		{"username_key", textColumn},
		{"username_look", textColumn},
		{"username", textColumn},
		{"user_id", integerColumn},
		{"until", integerColumn},
	}},
	{name: "pictures", key: 1, columns: []siteColumn{
		{"user_id", integerColumn},
		{"large", bytesColumn},
		{"small", bytesColumn},
	}},
	{name: "invites", key: 1, columns: []siteColumn{
		{"code", textColumn},
		{"maker_id", integerColumn},
		{"note", textColumn},
		{"uses", integerColumn},
		{"used", integerColumn},
		{"made_at", integerColumn},
		{"expires_at", integerColumn},
		{"revoked", booleanColumn},
	}},
	{name: "invited", key: 1, columns: []siteColumn{
		{"user_id", integerColumn},
		{"code", textColumn},
		{"at", integerColumn},
	}},
	{name: "friend_requests", key: 2, columns: []siteColumn{
		{"from_id", integerColumn},
		{"to_id", integerColumn},
		{"asked_at", integerColumn},
		{"declined_at", integerColumn},
	}},
	{name: "friends", key: 2, columns: []siteColumn{
		{"user_id", integerColumn},
		{"friend_id", integerColumn},
		{"since", integerColumn},
	}},
	{name: "blocks", key: 2, columns: []siteColumn{
		{"blocker_id", integerColumn},
		{"blocked_id", integerColumn},
		{"since", integerColumn},
	}},
	{name: "sessions", key: 1, columns: []siteColumn{
		{"token_hash", bytesColumn},
		{"user_id", integerColumn},
		{"user_agent", textColumn},
		{"opened_by", textColumn},
		{"created_at", integerColumn},
		{"used_at", integerColumn},
	}},
	{name: "email_changes", key: 1, columns: []siteColumn{
		{"user_id", integerColumn},
		{"email", textColumn},
		{"token_hash", bytesColumn},
		{"made_at", integerColumn},
	}},
	{name: "refused_addresses", key: 1, columns: []siteColumn{
		{"email_key", textColumn},
		{"status", integerColumn},
		{"at", integerColumn},
	}},
	{name: "password_resets", key: 1, columns: []siteColumn{
		{"user_id", integerColumn},
		{"token_hash", bytesColumn},
		{"made_at", integerColumn},
	}},
	{name: "digest_links", key: 1, columns: []siteColumn{
		{"token_hash", bytesColumn},
		{"user_id", integerColumn},
		{"made_at", integerColumn},
	}},
	{name: "jobs", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"kind", textColumn},
		{"user_id", integerColumn},
		{"payload", textColumn},
		{"attempts", integerColumn},
		{"next_at", integerColumn},
		{"made_at", integerColumn},
	}},
	{name: "certificates", key: 1, columns: []siteColumn{
		{"name", textColumn},
		{"pem", textColumn},
		{"failures", integerColumn},
		{"problem", textColumn},
		{"next_at", integerColumn},
		{"challenge", textColumn},
		{"answer", textColumn},
	}},
	{name: "site_events", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"token_hash", bytesColumn},
		{"user_id", integerColumn},
		{"at", integerColumn},
	}},
	{name: "rooms", key: 1, made: `id = 1 AND version = 0`, columns: []siteColumn{
		{"id", integerColumn},
		{"kind", textColumn},
		{"name", textColumn},
		{"low_id", integerColumn},
		{"high_id", integerColumn},
		{"version", integerColumn},
		{"epoch", integerColumn},
		{"epoch_from", integerColumn},
		{"epoch_before", integerColumn},
		{"epoch_run", integerColumn},
		{"state", integerColumn},
		{"last_author_id", integerColumn},
		{"last_posted_at", integerColumn},
		{"group_at", integerColumn},
		{"group_size", integerColumn},
		{"abandoned", booleanColumn},
	}},
	{name: "members", key: 2, columns: []siteColumn{
		{"room_id", integerColumn},
		{"user_id", integerColumn},
		{"since", integerColumn},
		{"read_to", integerColumn},
		{"unread", integerColumn},
	}},
	{name: "messages", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"room_id", integerColumn},
		{"seq", integerColumn},
		{"version", integerColumn},
		{"author_id", integerColumn},
		{"nonce", textColumn},
		{"event", textColumn},
		{"source", textColumn},
		{"html", textColumn},
		{"text", textColumn},
		{"mentions", textColumn},
		{"renderer", integerColumn},
		{"continues", booleanColumn},
		{"posted_at", integerColumn},
		{"reply_to", integerColumn},
		{"thread", integerColumn},
		{"replies", integerColumn},
		{"edits", integerColumn},
		{"edited_at", integerColumn},
		{"deleted_at", integerColumn},
		{"erased", booleanColumn},
		{"reactions", textColumn},
	}},
	{name: "earlier_texts", key: 2, columns: []siteColumn{
		{"message_id", integerColumn},
		{"number", integerColumn},
		{"source", textColumn},
		{"mentions", textColumn},
		{"saved_at", integerColumn},
	}},
	{name: "saved_messages", key: 2, columns: []siteColumn{
		{"user_id", integerColumn},
		{"message_id", integerColumn},
		{"saved_at", integerColumn},
	}},
	{name: "drafts", key: 2, columns: []siteColumn{
		{"room_id", integerColumn},
		{"user_id", integerColumn},
		{"body", textColumn},
		{"replaced", textColumn},
		{"version", integerColumn},
	}},
	{name: "reactions", key: 3, columns: []siteColumn{
		{"message_id", integerColumn},
		{"emoji", textColumn},
		{"user_id", integerColumn},
		{"at", integerColumn},
	}},
	{name: "reaction_kinds", key: 2, columns: []siteColumn{
		{"message_id", integerColumn},
		{"emoji", textColumn},
		{"count", integerColumn},
		{"newest", textColumn},
		{"began_at", integerColumn},
	}},
	{name: "pins", key: 1, columns: []siteColumn{
		{"message_id", integerColumn},
		{"room_id", integerColumn},
		{"pinned_at", integerColumn},
	}},
	{name: "notifications", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"user_id", integerColumn},
		{"kind", textColumn},
		{"like_id", integerColumn},
		{"actor_id", integerColumn},
		{"room_id", integerColumn},
		{"seq", integerColumn},
		{"count", integerColumn},
		{"detail", textColumn},
		{"at", integerColumn},
		{"read_at", integerColumn},
	}},
	{name: "muted_kinds", key: 2, columns: []siteColumn{
		{"user_id", integerColumn},
		{"kind", textColumn},
	}},
	{name: "browsers", key: 2, columns: []siteColumn{
		{"user_id", integerColumn},
		{"token_hash", bytesColumn},
		{"used_at", integerColumn},
	}},
	{name: "totp", key: 1, columns: []siteColumn{
		{"user_id", integerColumn},
		{"secret", bytesColumn},
		{"last_step", integerColumn},
		{"made_at", integerColumn},
		{"on_since", integerColumn},
	}},
	{name: "recovery_codes", key: 2, columns: []siteColumn{
		{"user_id", integerColumn},
		{"code_hash", bytesColumn},
	}},
	{name: "identities", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"issuer", textColumn},
		{"subject", textColumn},
		{"user_id", integerColumn},
		{"name", textColumn},
		{"made_at", integerColumn},
		{"used_at", integerColumn},
	}},
	{name: "provider_sign_ins", key: 1, columns: []siteColumn{
		{"token_hash", bytesColumn},
		{"nonce", textColumn},
		{"verifier", textColumn},
		{"next", textColumn},
		{"user_id", integerColumn},
		{"password_version", integerColumn},
		{"made_at", integerColumn},
	}},
	{name: "provider_claims", key: 1, columns: []siteColumn{
		{"token_hash", bytesColumn},
		{"issuer", textColumn},
		{"subject", textColumn},
		{"name", textColumn},
		{"made_at", integerColumn},
	}},
	{name: "half_sign_ins", key: 1, columns: []siteColumn{
		{"token_hash", bytesColumn},
		{"user_id", integerColumn},
		{"password_version", integerColumn},
		{"failures", integerColumn},
		{"made_at", integerColumn},
	}},
	{name: "passkeys", key: 1, columns: []siteColumn{
		{"id", integerColumn},
		{"user_id", integerColumn},
		{"name", textColumn},
		{"handle", bytesColumn},
		{"credential_id", bytesColumn},
		{"credential", textColumn},
		{"made_at", integerColumn},
		{"used_at", integerColumn},
	}},
	{name: "challenges", key: 1, columns: []siteColumn{
		{"challenge_hash", bytesColumn},
		{"user_id", integerColumn},
		{"data", textColumn},
		{"made_at", integerColumn},
	}},
}

// tablesOfServers are the tables of running servers and of migrations. A copy leaves them out,
// because each database has its own.
var tablesOfServers = []string{"nodes", "node_people", "buckets", "failures", "inbox_changes", "goose_db_version"}

// columnNames returns the names in the order in which rows are read and written.
func (t *siteTable) columnNames() []string {
	names := make([]string, len(t.columns))
	for i, column := range t.columns {
		names[i] = column.name
	}
	return names
}

// list returns the column names, separated by commas.
func (t *siteTable) list() string { return strings.Join(t.columnNames(), ", ") }

// hasSequence tells whether the database numbers the rows of the table.
func (t *siteTable) hasSequence() bool {
	return t.key == 1 && t.columns[0] == siteColumn{"id", integerColumn}
}
