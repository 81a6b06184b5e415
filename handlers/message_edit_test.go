package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func edit(body, version string) url.Values { return url.Values{"body": {body}, "version": {version}} }

// TestEditMessage edits a message by its form, with and without JavaScript. Open pages show it at once.
func TestEditMessage(t *testing.T) {
	t.Parallel()
	s := open(t)
	editOnPages(t, s.member("ada"), s.member("bob"))
}

// TestServersShowEdits does the same with the reader's page on another server.
func TestServersShowEdits(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	editOnPages(t, s.at[0].member("ada"), s.at[1].member("bob"))
}

func editOnPages(t *testing.T, ada, bob *browser) {
	t.Helper()
	ada.message("a fig", "one").expect(http.StatusNoContent)
	his := bob.connect("/ws?room=1&after=1")
	if form := ada.get("/messages/1/1/edit").expect(http.StatusOK); form.text("textarea") != "a fig" || form.document().Find(`[name="version"][value="0"]`).Length() != 1 {
		t.Errorf("the form is %s", form.body)
	}
	answer := ada.post("/messages/1/1/edit", edit("two **figs**", "0")).expect(http.StatusSeeOther)
	answer.expectHeader("Location", "/?at=1#m-1-1")
	eventually(t, "his page shows the new text", func() bool {
		return his.document().Find(`#m-1-1, [data-seq="1"][data-version="2"]`).Find(".body strong").Text() == "figs"
	})
	shown := bob.get("/").document().Find("#m-1-1")
	if shown.AttrOr("data-version", "") != "2" || shown.AttrOr("data-edits", "") != "1" || shown.Find("time.edited").Text() != "edited" {
		t.Errorf("a new page shows %s", bob.get("/").text("#messages"))
	}
	ada.post("/messages/1/1/edit", edit("three figs", "1"), "HX-Request", "true").expect(http.StatusNoContent)
	history := ada.get("/messages/1/1/history").expect(http.StatusOK)
	if texts := history.text(".earlier-texts"); !strings.Contains(texts, "a fig") || !strings.Contains(texts, "two **figs**") {
		t.Errorf("the earlier texts are %s", texts)
	}
}

// TestEditsThatAreRefused checks what a form answers that cannot be saved, with the text kept.
func TestEditsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob") // ada owns the site
	ada.message("a fig", "one").expect(http.StatusNoContent)
	ada.post("/messages/1/1/edit", edit("two figs", "0")).expect(http.StatusSeeOther)

	both := ada.post("/messages/1/1/edit", edit("no figs", "0"), "HX-Request", "true").expect(http.StatusConflict)
	if both.text("textarea") != "no figs" || both.text(".edit-current") != "two figs" || both.document().Find(`[name="version"][value="1"]`).Length() != 1 {
		t.Errorf("a text that is out of date is answered with %s", both.body)
	}
	for name, body := range map[string]string{"empty": " ", "long": strings.Repeat("x", 4001)} {
		if answer := ada.post("/messages/1/1/edit", edit(body, "1")).expect(http.StatusUnprocessableEntity); answer.text(".field-error") == "" {
			t.Errorf("%s: %s", name, answer.body)
		}
	}
	ada.post("/messages/1/1/edit", edit("x", "none")).expect(http.StatusBadRequest)
	for path, status := range map[string]int{
		"/messages/1/1/edit": http.StatusForbidden, "/messages/1/1/history": http.StatusForbidden, "/messages/1/1": http.StatusOK,
		"/messages/1/9": http.StatusNotFound, "/messages/1/9/edit": http.StatusNotFound, "/messages/7/1": http.StatusNotFound,
		"/messages/1/x": http.StatusNotFound, "/messages/x/1/edit": http.StatusNotFound,
	} {
		bob.get(path).expect(status)
	}
	bob.post("/messages/1/1/edit", edit("mine", "1")).expect(http.StatusForbidden)
	bob.post("/messages/1/1/delete", nil).expect(http.StatusForbidden)
	if page := bob.get("/messages/1/1"); page.document().Find(`form[action$="/delete"]`).Length() > 0 {
		t.Error("bob is offered to delete what ada wrote")
	}
	visitor := s.browse()
	visitor.get("/messages/1/1").expect(http.StatusSeeOther)
	visitor.post("/messages/1/1/delete", nil).expect(http.StatusSeeOther)
	if got := s.posted(); len(got) != 1 || got[0] != "two figs" {
		t.Errorf("the log has %q", got)
	}
}

// TestDeleteMessage deletes a message and restores it. Readers who were away get what is there now, and no earlier text.
func TestDeleteMessage(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("a secret fig", "one").expect(http.StatusNoContent)
	ada.message("something else", "two").expect(http.StatusNoContent)
	his := bob.connect("/ws?room=1&after=2")
	gone := ada.post("/messages/1/1/delete", nil, "HX-Request", "true").expect(http.StatusOK)
	if gone.document().Find(`form[action="/messages/1/1/restore"] button`).Text() != "Undo" {
		t.Errorf("a deletion is answered with %s", gone.body)
	}
	eventually(t, "his page shows that it was deleted", func() bool { return his.document().Find("article.deleted").Length() == 1 })
	for name, page := range map[string]string{
		"a new page":    bob.get("/").body,
		"its own page":  bob.get("/messages/1/1").body,
		"one that asks": bob.get("/messages?room=1&before=2").body,
	} {
		if strings.Contains(page, "secret") || !strings.Contains(page, "Message deleted") {
			t.Errorf("%s shows %.2000s", name, page)
		}
	}
	// A reader who returns with an old cursor, or with none, gets no deleted text.
	for _, after := range []string{"0", "1", "2"} {
		late := bob.connect("/ws?room=1&after=" + after)
		eventually(t, "a reader who returns sees that it was deleted", func() bool { return late.document().Find("article.deleted").Length() == 1 })
		if strings.Contains(late.text(), "secret") {
			t.Errorf("a reader at version %s gets %s", after, late.text())
		}
	}
	ada.get("/messages/1/1/edit").expect(http.StatusConflict)
	ada.get("/messages/1/1/history").expect(http.StatusNotFound)
	ada.post("/messages/1/1/delete", nil).expect(http.StatusOK)
	ada.post("/messages/1/1/restore", nil).expect(http.StatusSeeOther).expectHeader("Location", "/?at=1#m-1-1")
	eventually(t, "his page has it again", func() bool { return strings.Contains(his.text(), "a secret fig") })
}

// TestSavedMessagesAreOnesOwn saves a message, and checks who sees it in a list.
func TestSavedMessagesAreOnesOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("a fig", "one").expect(http.StatusNoContent)
	bob.post("/messages/1/1/save", nil).expect(http.StatusSeeOther).expectHeader("Location", "/saved")
	bob.post("/messages/1/1/save", nil, "HX-Request", "true").expect(http.StatusNoContent)
	if list := bob.get("/saved"); list.document().Find("#m-1-1").Length() != 1 {
		t.Errorf("bob's list is %s", list.body)
	}
	if list := ada.get("/saved"); strings.Contains(list.body, "a fig") {
		t.Errorf("ada's list is %s", list.body)
	}
	bob.post("/messages/1/9/save", nil).expect(http.StatusNotFound)
	bob.get("/saved?before=x").expect(http.StatusNotFound)
	s.browse().get("/saved").expect(http.StatusSeeOther)
	bob.post("/messages/1/1/unsave", nil).expect(http.StatusSeeOther)
	if list := bob.get("/saved"); list.document().Find("#m-1-1").Length() != 0 {
		t.Errorf("after the removal, bob's list is %s", list.body)
	}
}
