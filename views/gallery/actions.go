package gallery

import (
	"time"

	"plaza/store"
	"plaza/views"
)

// messageActions are the pages of one message.
func messageActions(theme string) []Entry {
	public := store.RoomSummary{ID: store.PublicRoom, Kind: store.Public}
	m := newWriter().says(ada, "I can take the early round. Who needs something?").edits("I take the early round. Who needs something?").messages[0]
	earlier := []store.EarlierText{
		{Source: "I can take the early round. Who needs something?", SavedAt: m.PostedAt},
		{Number: 1, Source: "I can take the *early* round.\n\nWho needs something?", SavedAt: m.PostedAt.Add(time.Minute)},
	}
	form := views.EditForm{Room: m.Room, Seq: m.Seq, Number: 1, Body: m.Source}
	conflict := form
	conflict.Current = earlier[1].Source
	conflict.Error = "This message was changed on another page or device. Both texts are below: save the one that should stay."
	return []Entry{
		{"actions-edit", views.EditPage(member(theme), form)},
		{"actions-edit-conflict", views.EditPage(member(theme), conflict)},
		{"actions-deleted", views.DeletedPage(member(theme), public, m.Seq)},
		{"actions-saved", views.SavedPage(member(theme), views.Saved{More: true, Messages: []store.SavedMessage{
			{ID: 2, Room: public, Message: m, At: m.PostedAt},
			{ID: 1, Room: store.RoomSummary{ID: 7, Kind: store.Pair, Other: lengthy}, Message: newWriter().says(ada, "…").says(lengthy, goCode).messages[1], At: m.PostedAt},
		}})},
		{"actions-pins", views.PinsPage(member(theme), store.Room{RoomSummary: public, Access: store.Access{Pin: true}}, []store.Message{
			m, newWriter().says(ada, "…").says(lengthy, goCode).messages[1],
		})},
		{"actions-pins-none", views.PinsPage(member(theme), store.Room{RoomSummary: public}, nil)},
		{"actions-saved-none", views.SavedPage(member(theme), views.Saved{})},
		{"actions-history", views.HistoryPage(member(theme), views.MessageHistory{Room: public, Message: m, Texts: earlier})},
	}
}
