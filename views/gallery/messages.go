package gallery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"plaza/store"
	"plaza/views/markdown"
)

// writer makes a log, message by message.
type writer struct {
	messages []store.Message
	now      time.Time
}

func newWriter() *writer {
	return &writer{now: time.Date(2026, 11, 23, 17, 40, 0, 0, time.UTC)}
}

// later lets time pass.
func (w *writer) later(d time.Duration) *writer {
	w.now = w.now.Add(d)
	return w
}

// says adds a message.
func (w *writer) says(author store.Person, source string) *writer {
	seq := int64(len(w.messages) + 1)
	rendered := markdown.Render(source, known())
	m := store.Message{
		Room: store.PublicRoom, Seq: seq, Version: seq, Nonce: fmt.Sprintf("nonce-%d", seq),
		Author: author, Source: source, HTML: rendered.HTML, Mentions: strings.Join(rendered.Mentions, " "), PostedAt: w.now,
	}
	if seq > 1 {
		last := w.messages[seq-2]
		first := seq - 2 // of the group
		for w.messages[first].Continues {
			first--
		}
		m.Continues = last.Author.ID == author.ID && seq-1-first < store.MaxGroup &&
			w.now.Sub(w.messages[first].PostedAt) <= store.GroupWindow &&
			last.PostedAt.Truncate(24*time.Hour).Equal(w.now.Truncate(24*time.Hour))
	}
	w.messages = append(w.messages, m)
	return w.later(40 * time.Second)
}

// erases deletes the last messages, as their author does.
func (w *writer) erases(last int) *writer {
	for i := range w.messages[len(w.messages)-last:] {
		m := &w.messages[len(w.messages)-last+i]
		m.Source, m.HTML, m.Deleted = "", "", true
	}
	return w
}

// reacted adds reactions to the last message.
func (w *writer) reacted(reactions store.Reactions) *writer {
	w.messages[len(w.messages)-1].Reactions = reactions
	return w
}

// edits replaces the text of the last message, as its author does.
func (w *writer) edits(source string) *writer {
	m := &w.messages[len(w.messages)-1]
	rendered := markdown.Render(source, known())
	m.Source, m.HTML, m.Mentions = source, rendered.HTML, strings.Join(rendered.Mentions, " ")
	m.Edits, m.EditedAt = m.Edits+1, w.now
	return w
}

// answers makes the last message a reply to the one with a seq.
func (w *writer) answers(seq int64) *writer {
	m, q := &w.messages[len(w.messages)-1], w.messages[seq-1]
	m.Answers = store.Quote{Seq: seq, Version: q.Version, Author: q.Author, Excerpt: markdown.Render(q.Source, known()).Text, Deleted: q.Deleted}
	m.Thread, m.Continues = cmp.Or(q.Thread, seq), false
	w.messages[m.Thread-1].Replies++
	m.Replies = w.messages[m.Thread-1].Replies
	return w
}

const goCode = `The shortest server I can think of:

~~~go
package main

import "net/http"

// serve answers everybody the same, which is all that this page needs, and then some more words to make the line long.
func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(204)
	})
	var n int = nil
}
~~~`

const otherCode = `~~~diff
diff --git a/plaza b/plaza
@@ -1,2 +1,2 @@
-a line that went
+a line that came
~~~

~~~html
<a href="/u/ada" class='person'>Ada &amp; friends</a> <!-- a comment -->
~~~

~~~python
@cached
def square(side: float = 2.5) -> str:
    """How much room there is."""
    return f"{side ** 2!r} m²" if side else None
~~~

~~~
no language at all
~~~

    only indented`

const everyMarkdown = "## A heading\n\n" +
	"Some **strong**, *emphasised*, ~~withdrawn~~ words, `inline code`, ||a spoiler|| and a [link](https://example.com).\n" +
	`A second line of the same paragraph. :tada:

- bread
- olives
  1. green
  2. black

- [x] sweep the square
- [ ] light the lamps

> A square is a room without a roof.
>
> > Says who?

---

| Stall | Price | Note | Where | Until |
|-------|------:|------|:-----:|-------|
| Figs  | 2.40  | ripe, from the hills behind the town | by the fountain | noon |
| Honey | 6.00  | chestnut | under the arcade | sold out |

![a picture of the square](https://example.com/square.jpg)`

const manyLinks = `https://example.com/market/2026/11/17/the-list-of-everything-that-everybody-wanted?sorted=by-stall&with=prices

- https://example.com/bread, [figs](https://example.com/figs) and <https://example.com/honey>
- [a name so long that it needs a second line on a phone, or even a third one](https://example.com/long)
- mail@example.com, @bo, @mei`

// conversation is the log of a busy evening. It is rendered once, because many entries show it and
// highlighting its code is slow.
var conversation = sync.OnceValue(func() []store.Message {
	log := newWriter().
		says(bo, "Does anybody know when the market opens tomorrow?").
		says(mei, "At seven, like every Tuesday. The bakery is there at six already 🥐").
		says(mei, "Bring a bag, they have none.").edits("Bring a bag, for they have none.").
		later(time.Hour).
		says(ada, "I can take the early round. Who needs something?").
		says(ada, "- bread\n- figs, if they are ripe").
		says(layla, "مساء الخير يا جماعة، هل يمكنك إحضار بعض التين من أجلي؟ سأدفع لك غدًا عند النافورة.").
		later(14*time.Hour).
		says(zoe, "Good morning! @ada you are a star ⭐ And @bo, here is the list from last week: https://example.com/market/2026/11/17/the-list-of-everything-that-everybody-wanted?sorted=by-stall&with=prices").
		says(bo, goCode).
		says(ada, "Nice. I would return the error, though: `ListenAndServe` never returns without one, and the log should say why the server stopped.").
		says(mei, "早上好！我已经在喷泉旁边了。面包很新鲜，无花果也很甜。你们什么时候到？").
		says(lengthy, "Is this the right place for questions about the arcade?").
		says(lengthy, "I have several.").
		says(wide, strings.Repeat("W", 160)).
		says(bo, "🎉🎉🎉").
		messages
	return slices.Clip(log) // so that adding to one log copies it
})

// arabicConversation is a log that reads from right to left, except for a few words.
func arabicConversation() []store.Message {
	return newWriter().
		says(layla, "مساء الخير! هل السوق مفتوح غدًا؟").
		says(ada, "نعم، من الساعة 7:00 حتى 13:00.").
		says(ada, "Bring a bag, please.").
		says(layla, "شكرًا 🌻 هل لديك `go.mod` القديم؟\n\n> سأدفع لك غدًا عند النافورة.\n\n- خبز\n- تين").
		messages
}

// fullLog has as many messages as a page shows at first.
var fullLog = sync.OnceValue(func() []store.Message {
	w := newWriter()
	people := everybody().Users
	for i := range 50 {
		w.later(time.Duration(i%4)*time.Minute).says(people[i/3%len(people)], fmt.Sprintf("Message number %d of a long evening.", i+1))
	}
	return w.messages
})
