package e2etest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// Post posts a message to the public chat, as a page does, and returns the status.
func (s *Site) Post(client *http.Client, body, nonce string) (int, error) {
	return s.PostTo("1", client, body, nonce)
}

// PostTo is like Post, for any room.
func (s *Site) PostTo(room string, client *http.Client, body, nonce string) (int, error) {
	status, _, err := s.Send(client, "/messages", url.Values{"room": {room}, "body": {body}, "nonce": {nonce}})
	return status, err
}

// Send sends a form, as a page does, and returns the status and the header of the answer.
func (s *Site) Send(client *http.Client, path string, form url.Values) (int, http.Header, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("HX-Request", "true")
	answer, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	return answer.StatusCode, answer.Header, answer.Body.Close()
}

// MustPost posts to the public chat. The nonce is the beginning of the text.
func (s *Site) MustPost(client *http.Client, body string) {
	s.T.Helper()
	s.MustPostTo("1", client, body)
}

// MustPostTo is like MustPost, for any room.
func (s *Site) MustPostTo(room string, client *http.Client, body string) {
	s.T.Helper()
	if status, err := s.PostTo(room, client, body, body[:min(len(body), 64)]); err != nil || status != http.StatusNoContent {
		s.T.Fatalf("post %.40q: %d, %v", body, status, err)
	}
}

// Fill sends a form, follows redirects, and returns the path of the last page.
func (s *Site) Fill(client *http.Client, path string, form url.Values) string {
	s.T.Helper()
	answer, err := client.PostForm(s.URL+path, form)
	if err != nil {
		s.T.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		s.T.Fatalf("send the form of %s: %s, %v", path, answer.Status, err)
	}
	return answer.Request.URL.Path
}
