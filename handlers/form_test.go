package handlers_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// filled is a form with some of its values changed, given as pairs.
func filled(form url.Values, changes ...string) url.Values {
	changed := url.Values{}
	maps.Copy(changed, form)
	for i := 0; i < len(changes); i += 2 {
		changed.Set(changes[i], changes[i+1])
	}
	return changed
}

// labels are the names of a form's fields, by what people read beside them.
func (a *answer) labels() map[string]string {
	a.t.Helper()
	document, named := a.document(), map[string]string{}
	document.Find("form.form label").Each(func(_ int, label *goquery.Selection) {
		input := document.Find("#" + label.AttrOr("for", "nothing"))
		named[strings.TrimSpace(label.Text())] = input.AttrOr("name", "no field")
	})
	return named
}

// complaints are what assistive technology says is wrong, by the field's name.
func (a *answer) complaints() map[string]string {
	a.t.Helper()
	document, said := a.document(), map[string]string{}
	document.Find("input").Each(func(_ int, input *goquery.Selection) {
		name := input.AttrOr("name", "")
		for id := range strings.FieldsSeq(input.AttrOr("aria-describedby", "")) {
			description := document.Find("#" + id)
			if description.Length() != 1 {
				a.t.Errorf("%s is described by #%s, of which there are %d", name, id, description.Length())
			}
			if input.AttrOr("aria-invalid", "") == "true" && description.HasClass("field-error") {
				said[name] = strings.TrimSpace(description.Text())
			}
		}
		if input.AttrOr("aria-invalid", "") == "true" && said[name] == "" {
			a.t.Errorf("%s is invalid, but nothing says why", name)
		}
	})
	return said
}

// value is what a field of the form holds.
func (a *answer) value(name string) string {
	a.t.Helper()
	return a.document().Find(`form.form input[name="`+name+`"]`).AttrOr("value", "")
}

// expectFragment fails the test unless the answer is this element alone.
func (a *answer) expectFragment(selector string) {
	a.t.Helper()
	if strings.Contains(a.body, "<html") || a.document().Find("body > "+selector).Length() != 1 {
		a.t.Errorf("%s: not the fragment %s alone:\n%.600s", a.Request.URL.Path, selector, a.body)
	}
	a.expectVary()
}

// expectVary fails the test unless caches are told that htmx gets another answer.
func (a *answer) expectVary() {
	a.t.Helper()
	if vary := a.Header.Values("Vary"); !slices.Contains(vary, "HX-Request") {
		a.t.Errorf("%s varies by %q", a.Request.URL.Path, vary)
	}
}
