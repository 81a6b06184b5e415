package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
)

// longestOutage is how long an author repeats a post. The sites and networks of these tests are never
// away that long.
const longestOutage = 3 * e2etest.Patience

// author posts one message after the other, and changes some. It repeats each request until it is answered.
type author struct {
	site     *e2etest.Site
	name     string
	client   *http.Client
	luck     *rand.Rand
	thinking time.Duration // the longest time between two messages
	// cutShort says that the network may half-close a connection. Then a post may reach the site without
	// its end, and the site answers 400. cut counts these answers.
	cutShort bool
	cut      int

	// These receive a value when a message is confirmed, or a change of one, if a test waits for that.
	confirmed, changed chan<- struct{}

	said  []utterance
	again int // the number of repeated requests
	did   [deeds]int
}

// deed is a way to change a message.
type deed int

const (
	edited deed = iota
	deleted
	restored
	reacted
	unreacted
	deeds // their number
)

// period is the time that the author waited for an answer. The site did what it was asked in that time.
type period struct{ begun, confirmed time.Time }

// utterance is a message that an author posted. Its text as posted is its nonce too.
type utterance struct {
	author, nonce string
	posted        period
	abandoned     bool // the author left before the answer; the log may have the message or not
	seq           int64
	answers       int64 // the seq of the message that it answers; 0 if it answers none

	// The message as the site told its author last.
	text    string
	edits   int
	deleted bool
	reacted bool // its author, with emoji

	changes int    // how many versions its changes took
	changed period // the latest of these
	// unsettled says that a deletion or a restoration was repeated. An attempt before may still arrive, and would
	// undo what the author does meanwhile. So the author neither deletes nor restores the message again.
	unsettled bool
	// undecided says the same of a reaction.
	undecided bool
}

// emoji is what authors react with.
const emoji = "🎉"

// speak posts most messages, or fewer if ending is closed. It always finishes a message.
func (a *author) speak(ctx context.Context, ending <-chan struct{}, most int) error {
	for range most {
		select {
		case <-ending:
			return nil
		case <-ctx.Done(): // the test has failed
			return nil
		case <-time.After(e2etest.Between(a.luck, 0, a.thinking)):
		}
		if a.luck.IntN(10) == 0 {
			a.abandon()
		}
		if err := a.tell(ctx); err != nil {
			return err
		}
		// A page that did not get the answer posts again a message that the log has.
		if earlier := a.earlier(); !earlier.abandoned && a.luck.IntN(10) == 0 {
			seq, err := a.say(ctx, *earlier)
			if err != nil {
				return err
			}
			if seq != earlier.seq {
				return fmt.Errorf("%q was posted again, and its seq is %d instead of %d", earlier.nonce, seq, earlier.seq)
			}
		}
		if u := a.earlier(); !u.abandoned && a.luck.IntN(2) == 0 {
			if err := a.change(ctx, u); err != nil {
				return err
			}
		}
	}
	return nil
}

// earlier returns a message of the author: often a new one.
func (a *author) earlier() *utterance {
	newest := len(a.said) - 1
	return &a.said[newest-a.luck.IntN([]int{1, min(10, newest+1), newest + 1}[a.luck.IntN(3)])]
}

// next returns the author's next message.
func (a *author) next() utterance {
	text := fmt.Sprintf("%s says %d", a.name, len(a.said))
	return utterance{author: a.name, nonce: text, text: text, posted: period{begun: time.Now()}}
}

// tell posts the author's next message.
func (a *author) tell(ctx context.Context) (err error) {
	u := a.next()
	if answered := a.answerable(); answered != nil && a.luck.IntN(3) == 0 {
		u.answers = answered.seq
	}
	if u.seq, err = a.say(ctx, u); err != nil {
		return err
	}
	u.posted.confirmed = time.Now()
	a.said = append(a.said, u)
	signal(a.confirmed)
	return nil
}

// answerable returns an earlier message of the author that is there, or nil. Only its author deletes it.
func (a *author) answerable() *utterance {
	if len(a.said) == 0 {
		return nil
	}
	if u := a.earlier(); !u.abandoned && !u.deleted && !u.unsettled {
		return u
	}
	return nil
}

// signal tells a test that waits.
func signal(waiting chan<- struct{}) {
	select {
	case waiting <- struct{}{}:
	default:
	}
}

// abandon posts a message from a page that closes at the same moment.
func (a *author) abandon() {
	u := a.next()
	leaving := &http.Client{Jar: a.client.Jar, Timeout: e2etest.Between(a.luck, 100*time.Microsecond, 5*time.Millisecond)}
	status, header, err := a.site.Send(leaving, "/messages", postOf(u))
	if err == nil && status == http.StatusNoContent {
		u.seq, err = seqOf(header)
	}
	u.posted.confirmed, u.abandoned = time.Now(), err != nil || status != http.StatusNoContent
	a.said = append(a.said, u)
}

// postOf returns the form of a message.
func postOf(u utterance) url.Values {
	form := url.Values{"room": {"1"}, "body": {u.nonce}, "nonce": {u.nonce}}
	if u.answers > 0 {
		form.Set("reply_to", strconv.FormatInt(u.answers, 10))
	}
	return form
}

// seqOf returns the seq that an answer to a post gives the message.
func seqOf(header http.Header) (int64, error) {
	return strconv.ParseInt(header.Get("Plaza-Seq"), 10, 64)
}

// say posts a message until it is confirmed, and returns its seq.
func (a *author) say(ctx context.Context, u utterance) (int64, error) {
	answer, err := a.ask(ctx, "/messages", postOf(u))
	if err != nil {
		return 0, err
	}
	if answer.status != http.StatusNoContent {
		return 0, fmt.Errorf("the answer to %q has status %d, want 204 or 503", u.nonce, answer.status)
	}
	return seqOf(answer.header)
}

// change edits or deletes a message, restores a deleted one, or reacts.
func (a *author) change(ctx context.Context, u *utterance) error {
	switch {
	case u.deleted && u.unsettled:
		return nil
	case u.deleted:
		return a.restore(ctx, u)
	case !u.undecided && a.luck.IntN(3) == 0:
		if err := a.react(ctx, u); err != nil || u.undecided || a.luck.IntN(3) > 0 {
			return err
		}
		return a.react(ctx, u)
	case u.unsettled || a.luck.IntN(3) > 0:
		return a.edit(ctx, u)
	}
	if err := a.delete(ctx, u); err != nil || u.unsettled || a.luck.IntN(3) == 0 {
		return err
	}
	return a.restore(ctx, u)
}

// edit gives a message a new text, or sometimes the one that it has.
func (a *author) edit(ctx context.Context, u *utterance) error {
	text := fmt.Sprintf("%s, text %d", u.nonce, u.edits+1)
	if a.luck.IntN(5) == 0 {
		text = u.text
	}
	answer, err := a.ask(ctx, u.path("edit"), url.Values{"body": {text}, "version": {strconv.Itoa(u.edits)}})
	if err != nil {
		return err
	}
	// If an attempt without an answer was successful, the next one comes too late.
	isRepeat := answer.status == http.StatusConflict && answer.repeated && text != u.text
	if answer.status != http.StatusNoContent && !isRepeat {
		return fmt.Errorf("the edit of %q to %q has status %d; repeated: %t", u.text, text, answer.status, answer.repeated)
	}
	if text != u.text {
		u.text, u.edits = text, u.edits+1
		a.note(u, edited, answer)
	}
	return nil
}

// delete deletes a message.
func (a *author) delete(ctx context.Context, u *utterance) error {
	answer, err := a.ask(ctx, u.path("delete"), nil)
	if err != nil {
		return err
	}
	if answer.status != http.StatusOK {
		return fmt.Errorf("the deletion of %q has status %d, want 200", u.text, answer.status)
	}
	u.deleted, u.unsettled = true, answer.repeated
	a.note(u, deleted, answer)
	return nil
}

// restore restores a deleted message, unless it is too late.
func (a *author) restore(ctx context.Context, u *utterance) error {
	answer, err := a.ask(ctx, u.path("restore"), nil)
	if err != nil {
		return err
	}
	u.unsettled = answer.repeated
	since := answer.confirmed.Sub(u.changed.begun) // the deletion is the latest change
	switch {
	case answer.status == http.StatusNoContent:
		u.deleted = false
		a.note(u, restored, answer)
	case answer.status != http.StatusConflict || since < store.UndoWindow:
		return fmt.Errorf("the restoration of %q has status %d, %v after its deletion", u.text, answer.status, since)
	}
	return nil
}

// react adds the author's reaction to a message, or removes it.
func (a *author) react(ctx context.Context, u *utterance) error {
	path, did := "reactions", reacted
	if u.reacted {
		path, did = "reactions/remove", unreacted
	}
	answer, err := a.ask(ctx, u.path(path), url.Values{"emoji": {emoji}})
	if err != nil {
		return err
	}
	if answer.status != http.StatusNoContent {
		return fmt.Errorf("%s of %q has status %d, want 204", path, u.text, answer.status)
	}
	u.reacted, u.undecided = !u.reacted, answer.repeated
	a.note(u, did, answer)
	return nil
}

// note notes a change that took a version.
func (a *author) note(u *utterance, did deed, answer answer) {
	u.changes++
	u.changed = answer.period
	a.did[did]++
	signal(a.changed)
}

// path returns the path of a way to change the message.
func (u *utterance) path(change string) string {
	return fmt.Sprintf("/messages/1/%d/%s", u.seq, change)
}

// answer is the site's answer to a request.
type answer struct {
	status int
	header http.Header
	period
	repeated bool // attempts before had no answer, or 503; the site may have done what they asked
}

// ask sends a form until it is answered.
func (a *author) ask(ctx context.Context, path string, form url.Values) (answer, error) {
	last := answer{period: period{begun: time.Now()}}
	for ; time.Since(last.begun) < longestOutage; a.again++ {
		var err error
		last.status, last.header, err = a.site.Send(a.client, path, form)
		switch {
		case err == nil && last.status == http.StatusBadRequest && a.cutShort:
			a.cut++
		case err == nil && last.status != http.StatusServiceUnavailable:
			last.confirmed = time.Now()
			return last, nil
		default:
			last.repeated = true
		}
		select {
		case <-ctx.Done():
			return answer{}, fmt.Errorf("the test ended before %s %v was answered", path, form)
		case <-time.After(e2etest.Between(a.luck, 5*time.Millisecond, 50*time.Millisecond)):
		}
	}
	return answer{}, fmt.Errorf("%s %v was not answered in %v", path, form, longestOutage)
}
