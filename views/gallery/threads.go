package gallery

import (
	"github.com/a-h/templ"

	"plaza/store"
	"plaza/views"
)

// replies are a log with replies, and the pages of threads.
func replies(theme string) []Entry {
	w := newWriter().says(ada, "I can take the early round. Who needs something?").
		says(bo, "Two of the dark ones, please.").answers(1).
		says(mei, "早上好！我已经在喷泉旁边了。").
		says(ada, "With seeds, or without them? They have both, and the ones with seeds are still warm when I get there at half past six.").answers(2).
		says(lengthy, "With, please, and one more for me, if there are any left when you get there. I shall pay you back on Sunday.").answers(4).
		says(layla, "مساء الخير يا جماعة").answers(3).
		says(bo, "So it was.").erases(1)
	w.says(ada, "Never mind.").answers(7)
	long := w.says(bo, goCode).answers(5).messages
	answered := long[3]
	thread := []store.Message{long[0], long[1], long[3], long[4], long[8]}
	return []Entry{
		{"reply-log", chat(theme, room(long, 0, everybody()))},
		{"reply-writing", chat(theme, withComposer(views.Composer{
			Body: "On my way.", ReplyTo: 4, Answers: store.Quote{Seq: 4, Author: ada, Excerpt: long[3].Source},
		}))},
		{"reply-thread", threadPage(theme, thread, answered)},
		{"reply-thread-alone", threadPage(theme, long[2:3], long[2])},
		{"reply-thread-older", views.OlderReplies(member(theme), threadRoom(thread, 4), answered)},
	}
}

func threadPage(theme string, thread []store.Message, m store.Message) templ.Component {
	return views.Thread(member(theme), threadRoom(thread, 0), views.MessageShown{Message: m, Own: m.Author.ID == ada.ID})
}

// threadRoom is the public chat on the page of a thread.
func threadRoom(thread []store.Message, older int64) views.Room {
	last := thread[len(thread)-1]
	r := room(nil, 0, views.People{})
	r.Thread, r.Log = thread[0].Seq, rendered(views.Messages(views.Part{Room: r.ID, Thread: last.Seq, Messages: thread, Older: older}))
	r.Composer.Thread, r.Composer.ReplyTo = r.Thread, last.Seq
	r.Composer.Answers = store.Quote{Seq: last.Seq, Author: last.Author, Excerpt: last.Source}
	return r
}
