package gallery

import (
	"fmt"
	"strings"
	"time"

	"plaza/store"
	"plaza/views"
)

var (
	ada     = person(1, "ada", "Ada Lovelace")
	bo      = person(2, "bo", "")
	layla   = person(3, "layla", "ليلى الفاسي")
	mei     = person(4, "mei", "王小梅")
	zoe     = person(5, "zoë.k", "Zoë 🌻")
	lengthy = person(6, "the_one_with_the_longest_name_32", "Maximiliane-Theodora von und zu Hohenstaufen-Wolkenkuckucksheim")
	wide    = person(7, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "")
	gone    = person(8, "~8", "")
	blocked = person(9, "noise", "")
)

// photographed is ada with a picture that she chose.
var photographed = func() store.Person {
	u := ada
	u.Picture = "0123456789abcdef"
	return u
}()

func person(id int64, username, displayName string) store.Person {
	return store.Person{ID: id, Username: username, DisplayName: displayName, Deleted: username[0] == '~'}
}

var longAgo = time.Date(2026, 3, 14, 9, 26, 0, 0, time.UTC)

// user is the account of a person.
func user(p store.Person) store.User {
	return store.User{
		Person: p, Role: store.Member, Email: "somebody@example.com",
		CreatedAt: longAgo, SeenAt: time.Date(2026, 4, 1, 18, 5, 0, 0, time.UTC),
	}
}

func everybody() views.People {
	return views.People{Users: []store.Person{ada, bo, layla, mei, zoe, lengthy, wide}}
}

// writers returns people whose names have other scripts than Latin.
func writers() views.People {
	var people views.People
	for i, name := range []string{"מרים", "अदिति", "Жанна", "นิดา", "ლია", "한별", "👩‍🚀", "さくら"} {
		people.Users = append(people.Users, person(int64(100+i), fmt.Sprintf("writer%d", i), name))
	}
	return people
}

// displayNames returns the display names of people who have one, each by the username.
func displayNames() map[string]string {
	names := map[string]string{}
	for _, u := range append(everybody().Users, writers().Users...) {
		names[u.Username] = u.DisplayName
	}
	return names
}

// known returns the usernames that messages can mention, each by its form in small letters.
func known() map[string]string {
	names := map[string]string{}
	for _, u := range everybody().Users {
		names[strings.ToLower(u.Username)] = u.Username
	}
	return names
}

// strangers returns as many people as a search shows.
func strangers() []views.Friend {
	var found []views.Friend
	for _, u := range crowd().Users[:store.MostFound] {
		found = append(found, views.Friend{Person: u})
	}
	return found
}

// crowd returns more people than the list shows.
func crowd() views.People {
	people := views.People{More: 23}
	for i := range 100 {
		people.Users = append(people.Users, person(int64(100+i), fmt.Sprintf("guest-%02d", i), ""))
	}
	return people
}
