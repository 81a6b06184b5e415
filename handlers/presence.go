package handlers

import (
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// peopleShown is how many of those online are listed; more are counted.
const peopleShown = 100

// personOf is what the live side needs to know of an account.
func personOf(user store.User) live.Person {
	return live.Person{ID: user.ID, Username: user.Username, Name: user.Name(), Picture: user.Picture}
}

// userOf is what pages need to know of somebody online.
func userOf(person live.Person) store.User {
	user := store.User{ID: person.ID, Username: person.Username, Picture: person.Picture}
	if person.Name != person.Username {
		user.DisplayName = person.Name
	}
	return user
}

// shownPeople picks who is listed as online.
func shownPeople(people []live.Person) views.People {
	shown := views.People{More: max(0, len(people)-peopleShown)}
	for _, person := range people[:min(len(people), peopleShown)] {
		shown.Users = append(shown.Users, userOf(person))
	}
	return shown
}
