package e2etest

import (
	"net/http"

	"github.com/PuerkitoBio/goquery"
)

// Page returns the status of a response, and its page.
func (s *Site) Page(answer *http.Response) (int, *goquery.Document) {
	s.T.Helper()
	defer func() { _ = answer.Body.Close() }()
	page, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return answer.StatusCode, page
}
