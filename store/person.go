package store

import (
	"context"
	"strings"

	"plaza/store/database"
)

// Person is an account as it stands beside a message or in a list: what everybody may see of it.
type Person struct {
	ID          int64
	Username    string // unique without regard to case
	DisplayName string // "" where the person chose none
	Picture     string // a hash of the person's picture; "" where there is none
	Deleted     bool   // nothing is left of the account but what it wrote
}

// Name returns what to call the person: the display name, or else the username.
func (p Person) Name() string {
	if p.Deleted {
		return "deleted account"
	}
	if p.DisplayName != "" {
		return p.DisplayName
	}
	return p.Username
}

// personColumns are the columns of a person, of a row u of users.
const personColumns = `u.id, u.username, u.display_name, u.picture, u.deleted_at > 0`

// personColumnsOf is personColumns for a row of users under another name.
func personColumnsOf(row string) string { return strings.ReplaceAll(personColumns, "u.", row+".") }

// personColumnsIfAny is personColumnsOf for a row that may be missing: that is the zero Person.
func personColumnsIfAny(row string) string {
	return strings.ReplaceAll(`coalesce(u.id, 0), coalesce(u.username, ''), coalesce(u.display_name, ''), coalesce(u.picture, ''), coalesce(u.deleted_at, 0) > 0`, "u.", row+".")
}

// columns is where the columns of a person are copied to.
func (p *Person) columns() []any {
	return []any{&p.ID, &p.Username, &p.DisplayName, &p.Picture, &p.Deleted}
}

// scanPerson reads the columns of a person, and those that come after them.
func scanPerson(row database.Row, others ...any) (Person, error) {
	var p Person
	err := row.Scan(append(p.columns(), others...)...)
	return p, err
}

// people reads the persons that a query finds.
func (s *Store) people(ctx context.Context, query string, arguments ...any) ([]Person, error) {
	var people []Person
	err := s.each(ctx, func(row database.Row) error {
		person, err := scanPerson(row)
		people = append(people, person)
		return err
	}, query, arguments...)
	return people, err
}
