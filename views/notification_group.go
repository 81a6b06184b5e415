package views

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"plaza/store"
)

// notificationDay is the notifications of a day.
type notificationDay struct {
	start  time.Time // in the viewer's zone
	today  time.Time // when the viewer's current day began
	groups []notificationGroup
}

// notificationGroup is the notifications of a day that tell of the same kind of event, and of the same room if
// they link to messages. It has at least one.
type notificationGroup struct {
	all      []store.Notification // newest first
	requests []store.Person       // whose friend requests of these wait for an answer
}

// days returns the notifications of a page in groups by days, newest first. The place of a group is that of its
// newest notification.
func (n NotificationsPage) days() []notificationDay {
	var days []notificationDay
	waiting := n.requestsOf()
	for _, one := range n.Notifications {
		start := dayStart(one.At.In(n.Now.Location()))
		if len(days) == 0 || !days[len(days)-1].start.Equal(start) {
			days = append(days, notificationDay{start: start, today: dayStart(n.Now)})
		}
		day := &days[len(days)-1]
		i := slices.IndexFunc(day.groups, func(g notificationGroup) bool { return alike(g.newest(), one) })
		if i < 0 {
			i = len(day.groups)
			day.groups = append(day.groups, notificationGroup{})
		}
		group := &day.groups[i]
		group.all = append(group.all, one)
		group.requests = append(group.requests, waiting[one.ID]...)
	}
	return days
}

func dayStart(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// alike tells whether two notifications of the same day stand together. Each of reactions stands for a message already.
func alike(a, b store.Notification) bool {
	return a.Kind == b.Kind && a.Room.ID == b.Room.ID && a.Kind != store.Reacted
}

// requestsOf returns the people whose friend requests wait for an answer, by the ids of the notifications that
// tell of them. One notification tells of all requests since the one before it.
func (n NotificationsPage) requestsOf() map[int64][]store.Person {
	told := map[int64][]store.Person{}
	for _, request := range n.Requests {
		var id int64
		for _, one := range n.Notifications {
			if one.Kind == store.FriendRequest && !one.At.Before(request.At) {
				id = one.ID
			}
		}
		told[id] = append(told[id], request.From)
	}
	return told
}

// hasFocus tells whether a group gets the focus: that of the notification Focused, or else the first.
func (n NotificationsPage) hasFocus(g notificationGroup) bool {
	id := n.Notifications[0].ID
	if slices.ContainsFunc(n.Notifications, func(one store.Notification) bool { return one.ID == n.Focused }) {
		id = n.Focused
	}
	return n.Answer && slices.Contains(g.ids(), id)
}

// groupOf returns a group with one notification.
func groupOf(n store.Notification) notificationGroup {
	return notificationGroup{all: []store.Notification{n}}
}

func (g notificationGroup) newest() store.Notification { return g.all[0] }

// id is the smallest of the ids, so that it stays when the group grows.
func (g notificationGroup) id() int64 { return slices.Min(g.ids()) }

func (g notificationGroup) ids() []int64 {
	ids := make([]int64, len(g.all))
	for i, n := range g.all {
		ids[i] = n.ID
	}
	return ids
}

// unread returns the ids of those that are not read, oldest first.
func (g notificationGroup) unread() []int64 {
	var ids []int64
	for _, n := range slices.Backward(g.all) {
		if !n.Read {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// whole returns the newest notification with the number of events of the whole group.
func (g notificationGroup) whole() store.Notification {
	whole := g.newest()
	whole.Count = 0
	for _, n := range g.all {
		whole.Count += n.Count
	}
	return whole
}

// second returns the only other person who caused these, or the zero Person.
func (g notificationGroup) second() store.Person {
	if people := g.people(); g.others() == 1 && len(people) == 2 {
		return people[1]
	}
	return store.Person{}
}

// others returns how many people caused these beside the newest one's.
func (g notificationGroup) others() int {
	switch g.newest().Kind {
	case store.FriendRequest:
		return g.whole().Count - 1
	case store.PrivateMessage: // in a group, the number of messages says more than the number of authors
		return 0
	case store.Reacted: // its number of people is not exact: they change their minds
		return 0
	}
	return len(g.people()) - 1
}

// people returns the people who caused these, each once, the latest first. A notification that stands for
// several friend requests has only the latest person.
func (g notificationGroup) people() []store.Person {
	var people []store.Person
	for _, n := range g.all {
		if !slices.ContainsFunc(people, func(p store.Person) bool { return p.ID == n.Actor.ID }) {
			people = append(people, n.Actor)
		}
	}
	return people
}

// openPath returns the path that leads to the cause of the oldest unread notification of a group. It names all that
// are unread, because they are read then. If all are read, it leads to the cause of the newest.
func (g notificationGroup) openPath() string {
	ids := g.unread()
	if len(ids) == 0 {
		ids = []int64{g.newest().ID}
	}
	return "/notifications/open?" + idValues(ids).Encode()
}

func idValues(ids []int64) url.Values {
	values := url.Values{}
	for _, id := range ids {
		values.Add("id", strconv.FormatInt(id, 10))
	}
	return values
}

// name says what happened and who caused it.
func (g notificationGroup) name() string {
	said := words.notification(g.whole(), g.others() > 0)
	if g.newest().Actor.ID == 0 {
		return said
	}
	people := g.newest().Actor.Name()
	if second := g.second(); second.ID != 0 {
		people = words.both(people, second.Name())
	} else if others := g.others(); others > 0 {
		people += " " + words.others(others)
	}
	return people + " " + said
}
