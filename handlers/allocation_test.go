package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store/storetest"
)

// The allocations of a page and of a post bound the work that they do. They do not grow with the content
// of the page, which is rendered once for all viewers.
func TestWorkOfAPageAndAPost(t *testing.T) {
	simulate(t, func(s *simulation) {
		ada := s.member("ada")
		cookie := ada.Jar.Cookies(mustParse(t, s.url))[0]
		answer := func(request *http.Request, status int) {
			request.AddCookie(cookie)
			recorder := httptest.NewRecorder()
			s.plaza.ServeHTTP(recorder, request)
			if recorder.Code != status {
				t.Fatalf("%s %s: %d", request.Method, request.URL, recorder.Code)
			}
		}
		nonce := 0
		post := func() {
			nonce++
			form := url.Values{"room": {"1"}, "body": {"some words"}, "nonce": {fmt.Sprint(nonce)}}
			request := httptest.NewRequest(http.MethodPost, "/messages", strings.NewReader(form.Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("HX-Request", "true")
			answer(request, http.StatusNoContent)
		}
		page := func() {
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.Header.Set("Accept-Encoding", "gzip")
			answer(request, http.StatusOK)
		}
		check := func(what string, do func(), most float64) {
			t.Helper()
			took := testing.AllocsPerRun(30, do)
			t.Logf("%s takes %v allocations", what, took)
			if took > most {
				t.Errorf("%s takes %v allocations, more than %v", what, took, most)
			}
		}
		mostOfPage := 940.0
		if storetest.WatchesRaces { // then pools keep less
			mostOfPage = 1100
		}
		check("an empty chat", page, mostOfPage)
		check("a post", post, 480)
		for range 60 {
			post()
		}
		check("a full chat", page, mostOfPage)
	}, func(config *handlers.Config) { config.Unlimited = true })
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
