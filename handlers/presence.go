package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// peopleShown is how many people the list of who is online names. It counts the rest.
const peopleShown = 100

// personOf returns a person as the hub keeps it.
func personOf(person store.Person) live.Person {
	return live.Person{ID: person.ID, Username: person.Username, Name: person.Name(), Picture: person.Picture}
}

// shownPerson returns a person of the hub as pages show it.
func shownPerson(person live.Person) store.Person {
	shown := store.Person{ID: person.ID, Username: person.Username, Picture: person.Picture}
	if person.Name != person.Username {
		shown.DisplayName = person.Name
	}
	return shown
}

// shownPeople returns the list of who is online.
func shownPeople(people []live.Person) views.People {
	shown := views.People{More: max(0, len(people)-peopleShown)}
	for _, person := range people[:min(len(people), peopleShown)] {
		shown.Users = append(shown.Users, shownPerson(person))
	}
	return shown
}
