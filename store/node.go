package store

import (
	"context"

	"plaza/store/database"
)

// Servers that share a database: who they are, whom each has online, and how far rooms are.
// None of it is for a file, which has one server.

// nodeLifetime is how long a server is counted as there after it was last seen.
const nodeLifetime = 10_000 // milliseconds

// nowOnServer is the database's clock, in Unix milliseconds: the one that all servers share.
const nowOnServer = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

// Beat notes that a server is there, and which people came online with it or left since its
// last beat. It returns how often its people have changed, counting this time: where that is
// not one more than before, the database has forgotten the server, which is to beat with all
// of its people and fresh set.
func (s *Store) Beat(ctx context.Context, node string, fresh bool, came, left []int64) (changes int64, err error) {
	changed := 0
	if fresh || len(came)+len(left) > 0 {
		changed = 1
	}
	statements := []*database.Statement{{
		Query: `INSERT INTO nodes (id, seen_at, changes) VALUES ($1, ` + nowOnServer + `, $2)
			ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, changes = nodes.changes + $2 RETURNING changes`,
		Arguments: []any{node, changed}, Read: database.Into(&changes),
	}}
	if fresh {
		statements = append(statements, &database.Statement{Query: `DELETE FROM node_people WHERE node_id = $1`, Arguments: []any{node}})
	}
	if len(left) > 0 {
		statements = append(statements, &database.Statement{
			Query: `DELETE FROM node_people WHERE node_id = $1 AND user_id = ANY($2)`, Arguments: []any{node, left},
		})
	}
	if len(came) > 0 {
		statements = append(statements, &database.Statement{
			Query:     `INSERT INTO node_people (node_id, user_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING`,
			Arguments: []any{node, came},
		})
	}
	return changes, s.commitStatements(ctx, statements...)
}

// Nodes returns the servers that are there, and how often the people of each have changed.
func (s *Store) Nodes(ctx context.Context) (map[string]int64, error) {
	nodes := map[string]int64{}
	return nodes, s.each(ctx, func(row database.Row) error {
		var id string
		var changes int64
		err := row.Scan(&id, &changes)
		nodes[id] = changes
		return err
	}, `SELECT id, changes FROM nodes WHERE seen_at > `+nowOnServer+` - $1`, nodeLifetime)
}

// PeopleOf returns who is online with a server.
func (s *Store) PeopleOf(ctx context.Context, node string) ([]Person, error) {
	return s.people(ctx, `SELECT `+personColumns+` FROM node_people p JOIN users u ON u.id = p.user_id
		WHERE p.node_id = $1 AND u.deleted_at = 0`, node)
}

// Leave forgets a server, and those that have not been seen for long.
func (s *Store) Leave(ctx context.Context, node string) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM nodes WHERE id = $1 OR seen_at < `+nowOnServer+` - $2`, node, 10*nodeLifetime)
		return err
	})
}
