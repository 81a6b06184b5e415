package store

import (
	"context"
	"slices"
	"strings"
)

const (
	// MostCompletions is the maximum number of accounts that complete a word.
	MostCompletions = 8
	// friendsSought is how many of the viewer's friends may complete a word. SearchPeople finds the others.
	friendsSought = 500
)

// CompletePeople returns up to MostCompletions accounts for a mention in a room, of which the viewer has written the
// beginning. In the public chat these are friends, then people who have just written, then all others; of each,
// those whose name begins with the text come first. In a private room these are its members. The viewer and users that
// the viewer has blocked are none of them. Without a text the others are left out. The kind is NotFound if the viewer
// may not read the room.
func (s *Store) CompletePeople(ctx context.Context, viewer User, roomID int64, text string) ([]Person, error) {
	room, err := s.RoomFor(ctx, viewer.ID, roomID)
	if err != nil {
		return nil, err
	}
	sought := foldName(text)
	if room.Kind.HasMembers() {
		members, err := s.people(ctx, membersToMention, viewer.ID, roomID)
		return completing(sought, members), err
	}
	friends, _, err := s.Friends(ctx, viewer, "", friendsSought)
	if err != nil {
		return nil, err
	}
	authors, err := s.people(ctx, authorsToMention, viewer.ID, roomID)
	if err != nil {
		return nil, err
	}
	others, _, err := s.SearchPeople(ctx, viewer, text)
	others = slices.DeleteFunc(others, func(p Person) bool { return p.ID == viewer.ID })
	return completing(sought, friends, authors, others), err
}

const (
	membersToMention = `SELECT ` + personColumns + ` FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $2 AND ` + mayBeMentioned + ` ORDER BY u.username_key`
	authorsToMention = `SELECT ` + personColumns + ` FROM users u
		WHERE u.id IN (SELECT author_id FROM (SELECT author_id FROM messages WHERE room_id = $2 ORDER BY seq DESC LIMIT 100) AS latest)
			AND ` + mayBeMentioned + ` ORDER BY u.username_key`
	// mayBeMentioned is the condition that a viewer, $1, is offered user u.
	mayBeMentioned = `u.id <> $1 AND u.deleted_at = 0 AND u.id NOT IN (SELECT blocked_id FROM blocks WHERE blocker_id = $1)`
)

// completing returns the first people of some lists whose username, or a word of whose display name, begins with a text.
func completing(sought string, lists ...[]Person) []Person {
	var found []Person
	for _, people := range lists {
		var hits []hit
		for _, person := range people {
			match := newHit(person, sought)
			isNew := !slices.ContainsFunc(found, func(p Person) bool { return p.ID == person.ID })
			if isNew && (match.rank <= rankPrefix || strings.Contains(" "+match.name, " "+sought)) {
				hits = append(hits, match)
			}
		}
		slices.SortStableFunc(hits, hit.compare)
		for _, match := range hits {
			found = append(found, match.person)
		}
	}
	return found[:min(MostCompletions, len(found))]
}
