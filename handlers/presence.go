package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// peopleShown is how many of those online are listed; more are counted.
const peopleShown = 100

// personOf is what the live side needs to know of an account.
func personOf(person store.Person) live.Person {
	return live.Person{ID: person.ID, Username: person.Username, Name: person.Name(), Picture: person.Picture}
}

// shownPerson is what pages need to know of somebody online.
func shownPerson(person live.Person) store.Person {
	shown := store.Person{ID: person.ID, Username: person.Username, Picture: person.Picture}
	if person.Name != person.Username {
		shown.DisplayName = person.Name
	}
	return shown
}

// shownPeople picks who is listed as online.
func shownPeople(people []live.Person) views.People {
	shown := views.People{More: max(0, len(people)-peopleShown)}
	for _, person := range people[:min(len(people), peopleShown)] {
		shown.Users = append(shown.Users, shownPerson(person))
	}
	return shown
}
