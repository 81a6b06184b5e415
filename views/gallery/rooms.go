package gallery

import (
	"strings"
	"time"

	"plaza/store"
	"plaza/views"
)

const groupID = 7001

func rooms(theme string) []Entry {
	page := unconnected(theme)
	closed := privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7002, Kind: store.Pair, Other: mei}, Closed: store.ClosedToOthers}, conversation())
	unsent := closed
	unsent.Composer.Body = "Then I shall bring the honey myself.\nAnd the bread."
	left := privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7004, Kind: store.Pair, Other: lengthy}, Unread: 120}, conversation())
	left.LeftAt, left.LeftAbove = 1, true
	deleted := privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7003, Kind: store.Pair, Other: gone}, Closed: store.ClosedByDeletion}, conversation())
	group := store.Room{RoomSummary: store.RoomSummary{ID: groupID, Kind: store.Group, Name: "Market day, and what there is to buy"}}
	people := []store.Person{ada, bo, lengthy, wide}
	return []Entry{
		{"conversations", views.ConversationsPage(page, manyConversations())},
		{"conversations-none", views.ConversationsPage(page, views.Conversations{})},
		{"conversation", views.Chat(page, privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7004, Kind: store.Pair, Other: bo}}, conversation()))},
		{"conversation-typing", scripted(views.Chat(page, privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7004, Kind: store.Pair, Other: bo}}, conversation())),
			`class="typing"></p>`, `class="typing">bo is typing…</p>`)},
		{"conversation-long", views.Chat(page, privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7007, Kind: store.Pair, Other: wide}}, conversation()))},
		{"conversation-right-to-left", views.Chat(page, privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7008, Kind: store.Pair, Other: layla}}, arabicConversation()))},
		{"conversation-empty", views.Chat(page, privateRoom(store.Room{RoomSummary: store.RoomSummary{ID: 7005, Kind: store.Pair, Other: ada, Notebook: true}}, nil))},
		{"conversation-closed", views.Chat(page, closed)},
		{"conversation-unsent", views.Chat(page, unsent)},
		{"conversation-left-above", views.Chat(page, left)},
		{"conversation-deleted", views.Chat(page, deleted)},
		{"conversation-none", views.NoConversation(page, layla, store.Relation{Closed: store.ClosedToOthers})},
		{"group", views.Chat(page, privateRoom(group, events()))},
		{"group-empty", views.Chat(page, privateRoom(group, nil))},
		{"group-new", views.NewGroup(page, views.GroupForm{
			Chosen: []string{"bo"}, Friends: []store.Person{bo, layla, lengthy, wide}, More: true,
			Submission: views.Submission{Errors: map[string]string{"name": "A group has a name: what is it about, or who is in it?"}},
		})},
		{"group-new-alone", views.NewGroup(page, views.GroupForm{})},
		{"group-members", views.Members(page, group, people, views.GroupForm{
			Name: group.Name, Friends: []store.Person{layla, wide}, Submission: views.Submission{Errors: map[string]string{"people": "Choose at least one friend."}},
		})},
		{"group-members-alone", views.Members(page, group, people[:1], views.GroupForm{Name: group.Name})},
		{"group-leave", views.LeaveGroups(page, 12)},
		{"group-leave-none", views.LeaveGroups(page, 0)},
		{"settings-private-error", views.PrivacySettings(settings(page), views.PrivacyForm{
			Submission: views.Submission{Errors: map[string]string{"private_from": "Choose who may write to you."}},
		})},
		{"settings-private", views.PrivacySettings(saved(settings(page)), views.PrivacyForm{Privacy: store.Privacy{From: store.Friends, Receipts: true}})},
	}
}

// navigationRooms are the conversations of the navigation, in each state.
func navigationRooms() []views.NavigationRoom {
	var rooms []views.NavigationRoom
	for i, c := range manyConversations().List {
		c.Mentioned = i == 1
		rooms = append(rooms, views.NavigationRoom{Conversation: c, Online: c.Other.ID == bo.ID})
	}
	return rooms
}

// privateRoom is a private room with a log.
func privateRoom(r store.Room, messages []store.Message) views.Room {
	r.Version, r.ReadTo = 99, 99
	state := store.RoomState{Members: []store.MemberState{{Person: ada, Receipts: true, MayWrite: true}, {Person: bo, ReadTo: 99, Receipts: true}}}
	return views.Room{
		Room: r, Log: rendered(views.Messages(views.Part{Room: r.ID, Messages: messages})), State: views.RoomState{RoomState: state}, Online: r.Other.ID == bo.ID,
		Composer: views.Composer{Room: r.ID, Nonce: "0198f3", To: views.Readers(r.RoomSummary)},
	}
}

func manyConversations() views.Conversations {
	at := time.Date(2026, 11, 24, 8, 50, 0, 0, time.UTC)
	with := func(id int64, other store.Person, unread int, last store.LastMessage) store.Conversation {
		last.Seq, last.Own = 1, last.Author.ID == ada.ID
		c := store.Conversation{LastAt: at, Last: last}
		c.ID, c.Kind, c.Other, c.Notebook, c.Unread = id, store.Pair, other, other.ID == ada.ID, unread
		return c
	}
	market := store.Conversation{LastAt: at}
	market.ID, market.Kind, market.Drafted, market.Name = groupID, store.Group, true, "Market day, and what there is to buy"
	list := []store.Conversation{
		with(7004, bo, 3, store.LastMessage{Author: bo, Excerpt: "Shall we meet at the fountain, or at the arcade, or where the honey is?"}),
		with(7002, mei, 0, store.LastMessage{Author: ada, Excerpt: "早上好！"}),
		with(7006, lengthy, 120, store.LastMessage{Author: lengthy, Deleted: true}),
		with(7003, gone, 0, store.LastMessage{Author: gone, Excerpt: "farewell"}),
		with(7005, ada, 0, store.LastMessage{Author: ada, Excerpt: "honey, bread"}),
		market,
	}
	for i, guest := range crowd().Users[:14] {
		list = append(list, with(int64(7100+i), guest, i+1, store.LastMessage{Author: guest, Excerpt: "Is there bread?"}))
	}
	list = append(list, with(7008, layla, 2, store.LastMessage{Author: layla, Excerpt: "مساء الخير يا جماعة، هل يمكنك إحضار بعض التين من أجلي؟"}))
	list = append(list, with(7007, wide, 0, store.LastMessage{Author: wide, Excerpt: strings.Repeat("W", 120)}))
	return views.Conversations{More: true, List: list}
}

// events is the log of a group that people join and leave.
func events() []store.Message {
	messages := conversation()
	for i, event := range []store.Event{store.Joined, store.Named, store.Left} {
		last := messages[len(messages)-1]
		messages = append(messages, store.Message{
			Room: last.Room, Seq: last.Seq + 1, Version: last.Seq + 1, Author: []store.Person{wide, ada, gone}[i],
			Event: event, Source: "Honey", PostedAt: last.PostedAt.Add(time.Minute),
		})
	}
	return messages
}
