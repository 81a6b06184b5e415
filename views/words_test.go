package views

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plaza/store"
	"plaza/views/picture"
)

// constants returns the values of all constants of a type in a file.
func constants(t *testing.T, file, kind string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		named, ok := spec.Type.(*ast.Ident)
		literal, isLiteral := spec.Values[0].(*ast.BasicLit)
		if ok && isLiteral && named.Name == kind {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("%s has no constants of type %s", file, kind)
	}
	return values
}

// Each code has words of its own in each language. The test reads the codes from the source of store and
// picture, so that it notices a code without words.
func TestEachCodeHasWords(t *testing.T) {
	t.Parallel()
	room := store.RoomSummary{Kind: store.Group, Name: "Market day"}
	for name, language := range map[string]language{"English": english{}} {
		for _, test := range []struct {
			file, kind string
			words      func(value string) string
			sentence   bool
		}{
			{"../store/error_code.go", "Code", func(value string) string {
				return language.problem(store.Problem{Code: store.Code(value), Args: store.Args{Name: "Ada", Until: time.UnixMilli(0), Closed: store.ClosedToAll}})
			}, true},
			{"../store/room_access.go", "ClosedReason", func(value string) string { return language.closed(store.ClosedReason(value), "Ada") }, true},
			{"picture/upload.go", "Refusal", func(value string) string { return language.refusal(picture.Refusal(value)) }, true},
			{"../store/message.go", "Event", func(value string) string { return language.event(store.Event(value), "Market day") }, false},
			{"../store/notification.go", "NotificationKind", func(value string) string {
				return language.notification(store.Notification{Kind: store.NotificationKind(value), Count: 1, Room: room}, false)
			}, false},
		} {
			said := map[string]string{}
			for _, value := range constants(t, test.file, test.kind) {
				words := test.words(value)
				if words == "" || test.sentence && !strings.ContainsAny(words[len(words)-1:], ".?") {
					t.Errorf("%s: %s %q is %q, which is no sentence", name, test.kind, value, words)
				}
				if other := said[words]; other != "" {
					t.Errorf("%s: %s %q and %q are both %q", name, test.kind, value, other, words)
				}
				said[words] = value
			}
			if words := test.words("unknown"); words != "" {
				t.Errorf("%s: an unknown %s is %q", name, test.kind, words)
			}
		}
		for _, kind := range store.ChosenKinds() {
			if language.notificationKind(kind) == "" {
				t.Errorf("%s: the choice of %s has no name", name, kind)
			}
		}
		for _, status := range []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
			http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusInternalServerError, http.StatusServiceUnavailable,
		} {
			if language.status(status) == "" || language.statusTitle(status) == "" {
				t.Errorf("%s: status %d has no words", name, status)
			}
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	one := &store.Error{Kind: store.Invalid, Fields: map[string]store.Problem{"username": {Code: store.CodeUsernameTaken}}}
	two := &store.Error{Kind: store.Invalid, Fields: map[string]store.Problem{"username": {Code: store.CodeUsernameTaken}, "email": {Code: store.CodeEmailMalformed}}}
	if got, want := Sentence(one), words.problem(store.Problem{Code: store.CodeUsernameTaken}); got != want {
		t.Errorf("one field: %q, want %q", got, want)
	}
	if got := Sentence(two); got != MendFields() {
		t.Errorf("two fields: %q, want %q", got, MendFields())
	}
	if fields := slices.Sorted(maps.Keys(FieldSentences(two))); !slices.Equal(fields, []string{"email", "username"}) {
		t.Errorf("sentences are of %q", fields)
	}
	if got := Sentence(&store.Error{Kind: store.Internal}); got != "" {
		t.Errorf("an error without a code: %q", got)
	}
}

func TestTooMany(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{
		time.Millisecond: "1 second", 1500 * time.Millisecond: "2 seconds", 119 * time.Second: "119 seconds", 2 * time.Minute: "2 minutes", 121 * time.Second: "3 minutes",
	} {
		if got := TooMany(wait); got != "That was a little fast. Please try again in "+want+"." {
			t.Errorf("%s: %q, want %s", wait, got, want)
		}
	}
}
