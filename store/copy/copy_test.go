package copy_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/copy"
	"plaza/store/storetest"
)

// directions are all combinations of source and target.
var directions = []struct {
	name     string
	from, to func(testing.TB) string
}{
	{"file to server", storetest.MustFile, storetest.MustDatabase},
	{"server to file", storetest.MustDatabase, storetest.MustFile},
	{"file to file", storetest.MustFile, storetest.MustFile},
	{"server to server", storetest.MustDatabase, storetest.MustDatabase},
}

// A migration that adds a table or a column must add it to the lists of the copy.
func TestCopyForgetsNothing(t *testing.T) {
	t.Parallel()
	copied := copy.SiteColumns()
	for _, address := range []string{storetest.MustFile(t), storetest.MustDatabase(t)} {
		mustClose(t, address)
		hasSame(t, address, copied, schema(t, address))
	}
}

func TestCopyThereAndBack(t *testing.T) {
	t.Parallel()
	for _, way := range directions {
		t.Run(way.name, func(t *testing.T) {
			from, to, back := way.from(t), way.to(t), way.from(t)
			newSite(t, from)
			before := dump(t, from)
			file, _ := os.ReadFile(from) // a server has no file
			copied, err := copySite(t, from, to)
			if err != nil {
				t.Fatal(err)
			}
			if after, _ := os.ReadFile(from); string(after) != string(file) {
				t.Error("the source's file was changed")
			}
			for table, rows := range before {
				if copied[table] != int64(len(rows)) {
					t.Errorf("the copy reports %[2]d rows of %[1]s, want %[3]d", table, copied[table], len(rows))
				}
			}
			hasSame(t, "the copy", dump(t, to), before)
			if _, err := copySite(t, to, back); err != nil {
				t.Fatal(err)
			}
			hasSame(t, "the copy of the copy", dump(t, back), before)
			hasSame(t, "the source", dump(t, from), before)
			servesOn(t, to)
			servesOn(t, back)
		})
	}
}

// servesOn checks that a copied site continues where the original ended.
func servesOn(t *testing.T, address string) {
	t.Helper()
	ended := dump(t, address)["site_events"]
	s := storetest.MustOpenAt(t, address)
	ada, err := s.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil || ada.Role != store.Owner {
		t.Fatalf("sign in: %+v, %v", ada, err)
	}
	if m := storetest.MustPost(t, s, ada, "the next"); m.Version != int64(3*len(texts))+4 { // three reactions
		t.Errorf("the next post has version %d, want %d", m.Version, 3*len(texts)+4)
	}
	if user := storetest.MustUser(t, s, "newer"); user.ID != 4 || user.Role != store.Member {
		t.Errorf("the next account is %+v", user)
	}
	token, err := s.CreateSession(t.Context(), ada, "", "its token")
	if err == nil {
		err = s.EndSession(t.Context(), store.HashToken(token))
	}
	if err != nil {
		t.Fatal(err)
	}
	// A server that has read up to the twelfth event reads later ones, though the twelfth is
	// deleted.
	if events, err := s.SiteEvents(t.Context(), 12); len(events.Ended) != 1 || events.Mark != 13 || len(ended) != 7 {
		t.Errorf("the next session that ends has number %d, %v, after %d that had ended", events.Mark, err, len(ended))
	}
}

// lastMoment tells whether only the last table is unchecked.
func lastMoment(p copy.Progress) bool { return p.Step == copy.Checking && p.Table == "messages" }

func TestCopyInterruptedStartsAgain(t *testing.T) {
	t.Parallel()
	moments := map[string]func(copy.Progress) bool{
		"while it copies": func(p copy.Progress) bool { return p.Table == "messages" },
		"while it checks": lastMoment,
	}
	for _, way := range directions {
		for when, comes := range moments {
			t.Run(way.name+", "+when, func(t *testing.T) {
				from, to := way.from(t), way.to(t)
				mustSite(t, from)
				before := dump(t, from)
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				_, err := copy.Copy(ctx, from, to, func(p copy.Progress) {
					if comes(p) {
						interrupt()
					}
				})
				isOneLine(t, err, "interrupted", "start the copy again")
				if left := dump(t, to); len(left["users"])+len(left["messages"]) > 0 || len(left["metadata"]) != 1 ||
					len(left["rooms"]) != 1 {
					t.Errorf("it leaves %v", left)
				}
				if _, err := copySite(t, from, to); err != nil {
					t.Fatal(err)
				}
				hasSame(t, "the copy", dump(t, to), before)
				hasSame(t, "the source", dump(t, from), before)
			})
		}
	}
}

// A killed server counts as stopped after a while. A server that starts during a copy makes it
// fail.
func TestCopyAndServersThatComeAndGo(t *testing.T) {
	t.Parallel()
	from, to := storetest.MustDatabase(t), storetest.MustDatabase(t)
	mustSite(t, from)
	mustClose(t, to)
	run(t, from, seenSince)
	run(t, to, seenSince)
	for _, address := range []string{from, to} {
		_, err := copy.Copy(t.Context(), from, to, func(p copy.Progress) {
			if lastMoment(p) && p.Done == 0 {
				run(t, address, strings.Replace(seenNow, "'one'", "'two'", 1))
			}
		})
		isOneLine(t, err, "being served")
		run(t, address, `DELETE FROM nodes WHERE id = 'two'`)
	}
	if _, err := copySite(t, from, to); err != nil {
		t.Error(err)
	}
}

// No program may write to the databases during a copy: the copy would miss it.
func TestCopyLetsNobodyWrite(t *testing.T) {
	t.Parallel()
	for _, way := range directions {
		t.Run(way.name, func(t *testing.T) {
			from, to := way.from(t), way.to(t)
			mustSite(t, from)
			_, err := copy.Copy(t.Context(), from, to, func(p copy.Progress) {
				if !lastMoment(p) || p.Done > 0 {
					return
				}
				for _, address := range []string{from, to} {
					beside, settings := storetest.Beside(t, address), `PRAGMA busy_timeout = 1`
					if store.IsPostgres(address) {
						settings = `SET lock_timeout = 1`
					}
					beside.SetMaxOpenConns(1)
					if _, err := beside.ExecContext(t.Context(), settings); err != nil {
						t.Error(err)
					}
					if _, err := beside.ExecContext(t.Context(), `UPDATE rooms SET version = version + 1`); err == nil {
						t.Errorf("another program wrote to %s", address)
					}
				}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
