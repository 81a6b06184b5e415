package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// peopleShown is how many people the list of who is online names. It counts the rest.
const peopleShown = 100

// personOf returns a person as the hub keeps it.
func personOf(visitor store.Visitor) live.Person {
	return live.Person{
		ID: visitor.ID, Username: visitor.Username, Name: visitor.Name(), Picture: visitor.Picture, Hidden: visitor.Hidden,
	}
}

// shownPerson returns a person of the hub as pages show it.
func shownPerson(person live.Person) store.Person {
	shown := store.Person{ID: person.ID, Username: person.Username, Picture: person.Picture}
	if person.Name != person.Username {
		shown.DisplayName = person.Name
	}
	return shown
}

// shownPeople returns the list of who is online. It only counts those who are hidden.
func shownPeople(people []live.Person, hidden int) views.People {
	shown := views.People{More: max(0, len(people)-peopleShown) + hidden}
	for _, person := range people[:min(len(people), peopleShown)] {
		shown.Users = append(shown.Users, shownPerson(person))
	}
	return shown
}
