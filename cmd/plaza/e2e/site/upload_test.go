package site

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"sync"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// mostWithUploads is the most memory, in kB, that the program may take while many members upload pictures.
// It is enough for the uploads, and some more. Another process decodes them.
const mostWithUploads = 100_000

// TestMemoryOfUploads uploads several of the largest pictures at once. The site must take all of them, one
// after the other, and decode none of them in its own memory.
func TestMemoryOfUploads(t *testing.T) {
	t.Parallel()
	people := proof.Times(4, 10)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA64(image.Rect(0, 0, 4096, 4096))); err != nil {
		t.Fatal(err)
	}
	s := e2etest.Open(t, "--limits", "off")
	var uploading sync.WaitGroup
	statuses := make([]int, people)
	for i := range people {
		member := s.Newcomer(fmt.Sprint("member", i))
		uploading.Go(func() {
			// On a busy machine the site refuses uploads that wait too long.
			statuses[i] = http.StatusServiceUnavailable
			for t.Context().Err() == nil && statuses[i] == http.StatusServiceUnavailable {
				statuses[i] = upload(s, member, picture.Bytes())
			}
		})
	}
	uploading.Wait()
	for _, status := range statuses {
		if status != http.StatusSeeOther && status != http.StatusOK {
			t.Errorf("the uploads have the statuses %d", statuses)
			break
		}
	}
	most := memory(s)["VmHWM"]
	t.Logf("the program took %d kB", most)
	if most == 0 || most > mostWithUploads {
		t.Errorf("the program took %d kB, more than %d", most, mostWithUploads)
	}
}

// upload uploads a picture by the form, and returns the status, or 0 if it fails.
func upload(s *e2etest.Site, client *http.Client, picture []byte) int {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("picture", "me.png")
	if err == nil {
		_, err = part.Write(picture)
	}
	if err != nil || form.Close() != nil {
		s.T.Error(err)
		return 0
	}
	answer, err := client.Post(s.URL+"/settings/picture", form.FormDataContentType(), &body)
	if err != nil {
		s.T.Error(err)
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
