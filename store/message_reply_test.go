package store_test

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// answer returns a reply to a message.
func answer(author store.User, to store.Message, text string) store.NewMessage {
	n := storetest.New(author, text)
	n.Room, n.ReplyTo = to.Room, to.Seq
	return n
}

func mustAnswer(t *testing.T, s *store.Store, author store.User, to store.Message, text string) store.Message {
	t.Helper()
	posted, err := s.Post(t.Context(), answer(author, to, text))
	mustDo(t, err)
	return posted.Message
}

// mustRead returns a message as it is now.
func mustRead(t *testing.T, s *store.Store, viewer store.User, m store.Message) store.Message {
	t.Helper()
	_, now, err := s.Message(t.Context(), viewer.ID, m.Room, m.Seq)
	mustDo(t, err)
	return now
}

// A reply shows what it answers as that is now. All replies to a message, and to its replies, are one thread.
func TestReply(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	first := storetest.MustPost(t, s, ada, "a fig")
	reply := mustAnswer(t, s, bob, first, "two figs")
	further := mustAnswer(t, s, ada, reply, "three figs")
	aside := storetest.MustPost(t, s, ada, "no fig")
	if reply.Answers.Seq != first.Seq || reply.Answers.Author.Username != "ada" || reply.Answers.Excerpt != "a fig" || reply.Thread != first.Seq || reply.Replies != 1 {
		t.Errorf("the reply is %+v", reply)
	}
	if further.Answers.Seq != reply.Seq || further.Answers.Excerpt != "two figs" || further.Thread != first.Seq || further.Replies != 2 {
		t.Errorf("the reply to the reply is %+v", further)
	}
	if !aside.Continues || further.Continues || reply.Continues {
		t.Errorf("a reply begins a group, and the next message continues it: %t, %t, %t", reply.Continues, further.Continues, aside.Continues)
	}
	for _, m := range []store.Message{reply, further} {
		if read := mustRead(t, s, bob, m); read.Answers != m.Answers || read.Thread != m.Thread {
			t.Errorf("the reply was posted as %+v, and is read as %+v", m, read)
		}
	}
	if now := mustRead(t, s, bob, first); now.Replies != 2 || now.Version != first.Version {
		t.Errorf("the first message has %d replies at version %d", now.Replies, now.Version)
	}
	for _, asked := range []store.Message{first, reply, further} {
		room, _, thread, err := s.Thread(t.Context(), bob.ID, asked.Room, asked.Seq, math.MaxInt64, 10)
		mustDo(t, err)
		if len(thread.Messages) != 3 || thread.Messages[0].Seq != first.Seq || thread.Messages[2].Seq != further.Seq || room.Version != 4 || thread.Older || thread.Began != first.Seq {
			t.Errorf("the thread of %d is %+v", asked.Seq, thread)
		}
	}
	_, _, thread, err := s.Thread(t.Context(), bob.ID, first.Room, first.Seq, further.Seq, 1)
	if err != nil || len(thread.Messages) != 1 || thread.Messages[0].Seq != reply.Seq || !thread.Older {
		t.Errorf("the part before %d is %+v, %v", further.Seq, thread, err)
	}
	if _, _, thread, err = s.Thread(t.Context(), bob.ID, aside.Room, aside.Seq, math.MaxInt64, 10); err != nil || len(thread.Messages) != 1 || thread.Messages[0].Seq != aside.Seq {
		t.Errorf("a message without replies is the thread %+v, %v", thread, err)
	}

	if _, err := s.EditMessage(t.Context(), edited(first, "an olive")); err != nil {
		t.Fatal(err)
	}
	if now := mustRead(t, s, bob, reply); now.Answers.Excerpt != "an olive" || now.Version != reply.Version || now.Answers.Version <= reply.Answers.Version {
		t.Errorf("after an edit of the original the reply is %+v", now)
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, first.Room, first.Seq); err != nil {
		t.Fatal(err)
	}
	if now := mustRead(t, s, bob, reply); now.Answers.Excerpt != "" || !now.Answers.Deleted {
		t.Errorf("after the deletion of the original the reply is %+v", now)
	}
	if _, err := s.Post(t.Context(), answer(bob, first, "too late")); store.KindOf(err) != store.Conflict {
		t.Errorf("a reply to a deleted message: %v", err)
	}
}

// A deleted reply is not counted, until it is restored.
func TestRepliesAreCounted(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	first := storetest.MustPost(t, s, ada, "a fig")
	reply := mustAnswer(t, s, bob, first, "one")
	other := mustAnswer(t, s, bob, reply, "two")
	mustAnswer(t, s, ada, other, "three")
	count := func(want int) {
		t.Helper()
		for _, m := range []store.Message{first, reply, other} {
			if got := mustRead(t, s, ada, m).Replies; got != want {
				t.Errorf("message %d knows of %d replies, want %d", m.Seq, got, want)
			}
		}
	}
	count(3)
	for range 2 { // the second time there is nothing to do
		_, err := s.DeleteMessage(t.Context(), bob.ID, reply.Room, reply.Seq)
		mustDo(t, err)
		count(2)
	}
	for range 2 {
		_, err := s.RestoreMessage(t.Context(), bob.ID, reply.Room, reply.Seq)
		mustDo(t, err)
		count(3)
	}
	_, err := s.DeleteMessage(t.Context(), bob.ID, reply.Room, reply.Seq)
	mustDo(t, err)
	_, err = s.DeleteAccount(t.Context(), bob, true)
	mustDo(t, err)
	_, err = s.FinishDeletions(t.Context())
	mustDo(t, err)
	count(1)
}

// There is nothing to answer in another room, at an event, or where nothing was posted yet.
func TestReplyToNothing(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	group, err := s.CreateGroup(t.Context(), ada, "figs", []string{"bob"})
	mustDo(t, err)
	public := storetest.MustPost(t, s, ada, "a fig")
	mustWrite(t, s, ada, group.ID, "a secret")
	secret := store.Message{Room: group.ID, Seq: 0}
	messages, _, err := s.MessagesBefore(t.Context(), group.ID, math.MaxInt64, 10)
	mustDo(t, err)
	for _, m := range messages {
		if m.Event == "" {
			secret = m
		} else if _, err := s.Post(t.Context(), answer(bob, m, "to an event")); store.KindOf(err) != store.Invalid {
			t.Errorf("a reply to an event: %v", err)
		}
	}
	for seq, n := range map[int64]store.NewMessage{
		secret.Seq + 90: answer(bob, store.Message{Room: group.ID, Seq: secret.Seq + 90}, "later"),
		-1:              answer(bob, store.Message{Room: public.Room, Seq: -1}, "before"),
		9:               answer(bob, store.Message{Room: public.Room, Seq: 9}, "later"),
	} {
		if _, err := s.Post(t.Context(), n); store.KindOf(err) != store.Invalid {
			t.Errorf("a reply to %d: %v", seq, err)
		}
	}
	if _, err := s.Post(t.Context(), answer(eve, secret, "hello")); store.KindOf(err) != store.NotFound {
		t.Errorf("a reply in another's room: %v", err)
	}
	if _, _, _, err := s.Thread(t.Context(), eve.ID, secret.Room, secret.Seq, math.MaxInt64, 10); store.KindOf(err) != store.NotFound {
		t.Errorf("a thread in another's room: %v", err)
	}
	mustAnswer(t, s, bob, secret, "and here it is")
}

// The author is notified of a reply, and only once if the reply mentions them too.
func TestReplyNotifies(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	first := storetest.MustPost(t, s, ada, "a fig")
	want := func(when string, user store.User, want ...string) {
		t.Helper()
		found, _, err := s.Notifications(t.Context(), user, store.NewestPoint(), 10)
		mustDo(t, err)
		var got []string
		for _, n := range found {
			if !n.Read && (n.Kind == store.Mentioned || n.Kind == store.Replied || n.Kind == store.PrivateMessage) {
				got = append(got, fmt.Sprint(n.Kind, " ", n.Count, " ", n.Actor.Username, " ", n.Excerpt))
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %s has %q, want %q", when, user.Username, got, want)
		}
		mustDo(t, s.ReadNotifications(t.Context(), user))
	}
	posted, err := s.Post(t.Context(), answer(bob, first, "one"))
	mustDo(t, err)
	if fmt.Sprint(posted.InboxChanged) != fmt.Sprint([]int64{ada.ID}) {
		t.Errorf("the inboxes of %v changed", posted.InboxChanged)
	}
	mustAnswer(t, s, eve, first, "two")
	want("after two replies", ada, "reply 2 eve two")
	want("after them", bob)
	n := answer(bob, first, "@ada three")
	n.Mentions = []string{"ada"}
	_, err = s.Post(t.Context(), n)
	mustDo(t, err)
	want("after a reply with a mention", ada, "mention 1 bob @ada three")
	mustAnswer(t, s, ada, first, "to myself")
	want("after one's own reply", ada)
	mustDo(t, s.Block(t.Context(), ada, eve))
	mustAnswer(t, s, eve, first, "four")
	want("after a reply of a blocked user", ada)
	mustDo(t, s.ChooseKinds(t.Context(), ada, []store.NotificationKind{store.Mentioned}))
	mustAnswer(t, s, bob, first, "five")
	want("without the kind", ada)
	room := mustRoom(t, s, ada, bob)
	said := storetest.New(bob, "in private")
	said.Room = room.ID
	private, err := s.Post(t.Context(), said)
	mustDo(t, err)
	mustAnswer(t, s, ada, private.Message, "indeed")
	want("after a reply in private", bob, "reply 1 ada indeed")
}

// However replies, deletions and restorations meet, the count is right and no reply answers what was deleted before it.
func TestRepliesAndDeletionsAtOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	ada, bob := storetest.MustUser(t, both[0], "ada"), storetest.MustUser(t, both[0], "bob")
	first := storetest.MustPost(t, both[0], ada, "a fig")
	reply := mustAnswer(t, both[0], bob, first, "one")
	var together sync.WaitGroup
	posted := make([]bool, 20)
	for i := range posted {
		s := both[i%2]
		together.Go(func() {
			_, err := s.Post(t.Context(), answer(ada, reply, fmt.Sprint("reply ", i)))
			posted[i] = err == nil
			if err != nil && store.KindOf(err) != store.Conflict {
				t.Error(err)
			}
		})
		together.Go(func() {
			change := s.DeleteMessage
			if i%4 > 1 {
				change = s.RestoreMessage
			}
			if _, err := change(t.Context(), bob.ID, reply.Room, reply.Seq); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	want := 0
	for _, made := range posted {
		if made {
			want++
		}
	}
	if !mustRead(t, both[0], ada, reply).Deleted {
		want++
	}
	if got := mustRead(t, both[1], ada, first).Replies; got != want {
		t.Errorf("%d replies are counted, want %d", got, want)
	}
}
