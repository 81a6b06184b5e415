package handlers_test

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// No username is the first part of an address of the site, or stands where a page has that name: a
// member named new could not be reached at /dm/new.
func TestUsernamesAreNoRoutes(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	var paths []string
	for _, route := range handlers.Routes(handlers.New(handlers.Config{Store: s, Log: slog.New(slog.DiscardHandler), Unlimited: true})) {
		paths = append(paths, route.Path)
	}
	var names []string
	for _, path := range paths {
		parts := strings.Split(path, "/")[1:]
		names = append(names, parts[0])
		for i, part := range parts {
			twin := strings.Join(append(slices.Clone(parts[:i]), ":username"), "/")
			if slices.ContainsFunc(paths, func(other string) bool { return strings.HasPrefix(other+"/", "/"+twin+"/") }) {
				names = append(names, part)
			}
		}
	}
	if !slices.Contains(names, "new") || !slices.Contains(names, "settings") {
		t.Fatalf("the names are %v", names)
	}
	for _, name := range names {
		if strings.ContainsAny(name, ":*") || name == "" {
			continue
		}
		err := s.CheckNewUser(t.Context(), store.NewUser{Username: name, Email: "ada@example.org", Password: storetest.Password})
		var refused *store.Error
		if !errors.As(err, &refused) || refused.Fields["username"].Code == "" {
			t.Errorf("the username %s: %v", name, err)
		}
	}
}
