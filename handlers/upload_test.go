package handlers_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"plaza/views/picture/picturetest"
)

// slowUpload begins to upload a picture, and returns where to write the rest. It gives the answer to done.
func (b *browser) slowUpload(done func(status int)) *io.PipeWriter {
	b.t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if _, err := form.CreateFormFile("picture", "me.png"); err != nil {
		b.t.Fatal(err)
	}
	body, rest := io.Pipe()
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.site.url+"/settings/picture", io.MultiReader(&head, body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	go func() {
		answer, err := b.Do(request)
		if err != nil {
			done(0)
			return
		}
		_ = answer.Body.Close()
		done(answer.StatusCode)
	}()
	return rest
}

// An account whose uploads do not come to an end takes no places from other accounts.
func TestSlowUploadsOfOneAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	fine := picturetest.MustRedAndBlue(t, 90, 40)
	eventually(t, "ada may not upload more", func() bool {
		rest := ada.slowUpload(func(int) {})
		t.Cleanup(func() { _ = rest.Close() })
		page := ada.upload(fine)
		return page.StatusCode == http.StatusTooManyRequests && page.Header.Get("Retry-After") != "" && page.text("#picture-error") != ""
	})
	begun := time.Now()
	bob.upload(fine).expect(http.StatusSeeOther)
	if took := time.Since(begun); took > patience {
		t.Errorf("bob waited %v", took)
	}
}

// The place of an upload is free again when the upload has ended, however it ended.
func TestPlacesOfUploadsAreFreed(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for range 5 {
		ended := make(chan int, 1)
		rest := ada.slowUpload(func(status int) { ended <- status })
		_ = rest.CloseWithError(io.ErrUnexpectedEOF)
		<-ended
	}
	eventually(t, "ada may upload again", func() bool {
		return ada.upload(picturetest.MustRedAndBlue(t, 90, 40)).StatusCode == http.StatusSeeOther
	})
}

// An upload that brings a byte now and then ends long before the time of an upload is over.
func TestUploadHasALeastRate(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	ended := make(chan int, 1)
	rest := ada.slowUpload(func(status int) { ended <- status })
	defer func() { _ = rest.Close() }()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	const soon = 60 * time.Second // half the time of an upload
	late := time.After(soon)
	for {
		select {
		case status := <-ended:
			if status != http.StatusRequestTimeout && status != 0 { // 0: the connection is cut
				t.Errorf("the upload has the status %d", status)
			}
			return
		case <-tick.C:
			go func() { _, _ = rest.Write([]byte("x")) }()
		case <-late:
			t.Fatalf("a slow upload still runs after %v", soon)
		}
	}
}

// A picture that would take seconds to decode is refused, and costs next to nothing.
func TestCostlyPicturesAreRefused(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	progressive, err := os.ReadFile("../views/picture/testdata/progressive.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for says, upload := range map[string][]byte{
		"too long to read": picturetest.WithScans(progressive, 1750),
		"damaged":          picturetest.Claiming(progressive, 4000, 4000),
	} {
		if said := ada.upload(upload).expect(http.StatusUnprocessableEntity).text("#picture-error"); !strings.Contains(said, says) {
			t.Errorf("it says %q, want %q", said, says)
		}
	}
}
