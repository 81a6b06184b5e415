package store

import (
	"context"

	"plaza/store/database"
)

// A node is one of several servers that share a PostgreSQL database. The database stores which
// nodes run and which users are online with each. A site on SQLite has one server and uses none of
// this.

// nodeLifetime is how long a node counts as running after its last Beat.
const nodeLifetime = 10_000 // milliseconds

// nowOnServer is the database's clock, in Unix milliseconds. All servers share it.
const nowOnServer = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

// Beat records that a node runs, and which users came online or left since its last Beat. It
// returns the number of times that the node's users have changed, including this call. If that
// number is not the expected one, the database has lost the node's users: the node must call Beat
// again with fresh set and with all its users in came.
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
		statements = append(statements,
			&database.Statement{Query: `DELETE FROM node_people WHERE node_id = $1`, Arguments: []any{node}})
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
	err = s.commitStatements(ctx, statements...)
	return changes, err
}

// Nodes returns the running nodes, and how often the users of each have changed.
func (s *Store) Nodes(ctx context.Context) (map[string]int64, error) {
	nodes := map[string]int64{}
	err := s.each(ctx, func(row database.Row) error {
		var id string
		var changes int64
		err := row.Scan(&id, &changes)
		nodes[id] = changes
		return err
	}, `SELECT id, changes FROM nodes WHERE seen_at > `+nowOnServer+` - $1`, nodeLifetime)
	return nodes, err
}

// PeopleOf returns the users who are online with a node.
func (s *Store) PeopleOf(ctx context.Context, node string) ([]Visitor, error) {
	return s.visitors(ctx, `SELECT `+personColumns+`, u.seen_hidden FROM node_people p JOIN users u ON u.id = p.user_id
		WHERE p.node_id = $1 AND u.deleted_at = 0`, node)
}

// Leave removes a node. It also removes nodes that stopped long ago.
func (s *Store) Leave(ctx context.Context, node string) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM nodes WHERE id = $1 OR seen_at < `+nowOnServer+` - $2`, node,
			10*nodeLifetime)
		return err
	})
}
