package views

import (
	"slices"
	"strings"

	"plaza/store"
)

// Place is a page in the switcher: a room, a person's page, or a page of the site.
type Place struct {
	Name   string
	Path   string
	icon   string
	user   store.Person // the person whose picture is shown; the zero Person if icon is shown
	note   string       // tells places with the same name apart; "" if the name is enough
	unread int
}

// Destinations are what the switcher searches: the site's pages, and what a viewer has and finds.
type Destinations struct {
	Viewer        store.User
	Public        int                  // the unread messages in the public chat
	Conversations []store.Conversation // newest first
	People        []store.Person       // whom the query finds
}

// conversationsOffered is the maximum number of conversations that the switcher shows.
const conversationsOffered = 8

// Named returns the places whose names contain the query, without regard to case. Conversations with unread
// messages come first, then other conversations and people, then pages. A person whose conversation is there
// is not there again. An empty query finds the latest conversations, and all pages.
func (d Destinations) Named(query string) []Place {
	var unread, others []Place
	if public := d.public(); d.Public > 0 && public.matches(query) {
		unread = append(unread, public)
	}
	for _, c := range d.Conversations {
		place := conversationPlace(c.Room)
		switch {
		case !place.matches(query) && !isAmong(place, d.People):
		case c.Unread > 0:
			unread = append(unread, place)
		default:
			others = append(others, place)
		}
	}
	conversations := slices.Concat(unread, others)
	places := conversations[:min(len(conversations), conversationsOffered)]
	for _, person := range d.People {
		isThere := slices.ContainsFunc(places, func(p Place) bool { return p.user.ID == person.ID })
		if !isThere && person.ID != d.Viewer.ID { // the viewer's profile is one of the pages
			places = append(places, personPlace(person))
		}
	}
	return append(places, d.pages(query)...)
}

// isAmong tells whether a place is that of one of some people.
func isAmong(place Place, people []store.Person) bool {
	return slices.ContainsFunc(people, func(u store.Person) bool { return u.ID == place.user.ID })
}

// pages returns the site's own pages whose names contain the query.
func (d Destinations) pages(query string) []Place {
	pages := []Place{
		{Name: "Messages", Path: "/dm", icon: "messages"},
		{Name: "Notifications", Path: "/notifications", icon: "notifications"},
		{Name: "Friends", Path: "/friends", icon: "friends"},
		{Name: "Search", Path: "/search", icon: "search"},
		{Name: "Settings", Path: "/settings", icon: "settings"},
		{Name: "Your profile", Path: profilePath(d.Viewer.Username), user: d.Viewer.Person},
	}
	if d.Public == 0 {
		pages = slices.Insert(pages, 0, d.public())
	}
	return slices.DeleteFunc(pages, func(page Place) bool { return !page.matches(query) })
}

// public returns the public chat as a place.
func (d Destinations) public() Place {
	return Place{Name: words.publicRoom(), Path: "/", icon: "plaza", unread: d.Public}
}

// matches tells whether the place's name, or a name of its person, contains the query.
func (p Place) matches(query string) bool {
	names := strings.Join([]string{p.Name, p.user.Username, p.user.DisplayName}, "\n")
	return strings.Contains(strings.ToLower(names), strings.ToLower(query))
}

// conversationPlace returns a private room as a place, with the picture that lists show for it.
func conversationPlace(r store.Room) Place {
	place := Place{Name: conversationName(r.RoomSummary), Path: roomPath(r.RoomSummary), note: "Conversation", unread: r.Unread}
	switch {
	case r.Kind == store.Group:
		place.icon = "people"
	case r.Other.Deleted:
		place.icon = "nobody"
	default:
		place.user = r.Other
	}
	return place
}

// personPlace returns a person's page as a place.
func personPlace(u store.Person) Place {
	place := Place{Name: u.Name(), Path: profilePath(u.Username), user: u}
	if place.Name != u.Username {
		place.note = "@" + u.Username
	}
	return place
}
