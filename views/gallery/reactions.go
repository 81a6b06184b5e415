package gallery

import (
	"strings"

	"plaza/store"
	"plaza/views"
)

// manyReactions are as many kinds as a message can have.
const manyReactions = "👍 3 1 3 4,❤️ 12 7 6 5 4 3 2 9 8,👨‍👩‍👧 1 2,🏴󠁧󠁢󠁳󠁣󠁴󠁿 1 5,👍🏿 2 2 3,1️⃣ 1 4,😀 10482 6 5 4 3 2 7 9 10,😁 1 2,😂 1 2,🤣 1 2,😃 1 2,😄 1 2,😅 1 2,😆 1 2,😉 1 2,😊 1 2,😋 1 2,😎 1 2,😍 1 2,😘 1 2"

// allReactions are the reactions to messages.
func allReactions(theme string) []Entry {
	public := store.Room{RoomSummary: store.RoomSummary{ID: store.PublicRoom, Kind: store.Public}, Access: store.Access{Read: true, Write: true}}
	log := newWriter().
		says(bo, "Bread and olives on the square at eight.").reacted("🎉 3 2 3 1,🥖 1 4").
		says(bo, "Who brings the olives?").reacted("🫒 2 4 5").
		says(mei, "I do, and the whole family comes along.").reacted(manyReactions)
	shown := store.ReactionsShown{
		Room: public, Message: log.messages[2], Own: []string{"👍"},
		People: map[int64]store.Person{1: ada, 2: bo, 3: layla, 4: mei, 5: zoe, 6: lengthy, 7: wide},
	}
	few := shown
	few.Message.Reactions = store.Reactions(strings.Join(strings.Split(manyReactions, ",")[:3], ","))
	none := shown
	none.Message.Reactions, none.Own = "", nil
	reactors := views.Reactors{Room: public.RoomSummary, Message: shown.Message, Emoji: "❤️", More: true}
	for _, one := range everybody().Users {
		reactors.People = append(reactors.People, store.Reactor{Person: one, At: log.now})
	}
	return []Entry{
		{"reactions-chat", views.Chat(unconnected(theme), room(log.messages, 12, everybody()))},
		{"reactions-page", views.ReactionsPage(unconnected(theme), few, views.ReactionForm{})},
		{"reactions-full", views.ReactionsPage(unconnected(theme), shown, views.ReactionForm{
			Emoji: "🦖", Error: "This message has 20 different reactions. Choose one of them.",
		})},
		{"reactions-none", views.ReactionsPage(unconnected(theme), none, views.ReactionForm{})},
		{"reactions-people", views.ReactorsPage(unconnected(theme), reactors)},
	}
}
