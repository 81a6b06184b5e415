package store

import (
	"context"
	"strings"

	"plaza/store/database"
)

// Person is what all users may see of an account beside a message or in a list.
type Person struct {
	ID          int64
	Username    string // unique without regard to case
	DisplayName string // "" if the user chose none
	Picture     string // a hash of the user's picture; "" if there is none
	Deleted     bool   // the account was deleted; its messages may remain
}

// Name returns the display name, or the username if there is none.
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

// personColumnsOf returns personColumns for a row of users with another name.
func personColumnsOf(row string) string { return strings.ReplaceAll(personColumns, "u.", row+".") }

// personColumnsIfAny returns personColumnsOf for a row that may be missing. The columns of a
// missing row are the zero Person.
func personColumnsIfAny(row string) string {
	return strings.ReplaceAll(`coalesce(u.id, 0), coalesce(u.username, ''), coalesce(u.display_name, ''),
		coalesce(u.picture, ''), coalesce(u.deleted_at, 0) > 0`, "u.", row+".")
}

// columns returns the destinations of personColumns, for Scan.
func (p *Person) columns() []any {
	return []any{&p.ID, &p.Username, &p.DisplayName, &p.Picture, &p.Deleted}
}

// scanPerson reads personColumns, and then the columns after them into others.
func scanPerson(row database.Row, others ...any) (Person, error) {
	var p Person
	err := row.Scan(append(p.columns(), others...)...)
	return p, err
}

// people returns the persons that a query finds.
func (s *Store) people(ctx context.Context, query string, arguments ...any) ([]Person, error) {
	var people []Person
	err := s.each(ctx, func(row database.Row) error {
		person, err := scanPerson(row)
		people = append(people, person)
		return err
	}, query, arguments...)
	return people, err
}
