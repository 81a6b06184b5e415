package main

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"sync"
	"testing"
)

// mostWithUploads is the most memory, in kB, that the program may ever have taken while many people
// upload pictures: 130 MB for the largest as it is decoded, half of that to shrink it, what the others
// sent, and room to spare.
const mostWithUploads = 350_000

// Ten people who upload the largest pictures at once are all served, one after the other. All at
// once they would take three times the memory.
func TestMemoryOfUploads(t *testing.T) {
	const people = 10
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA64(image.Rect(0, 0, 4096, 4096))); err != nil {
		t.Fatal(err)
	}
	s := open(t)
	ada := s.register("ada")
	var uploading sync.WaitGroup
	statuses := make([]int, people)
	for i := range people {
		uploading.Go(func() {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			part, err := form.CreateFormFile("picture", "me.png")
			if err == nil {
				_, err = part.Write(picture.Bytes())
			}
			if err != nil || form.Close() != nil {
				t.Error(err)
				return
			}
			answer, err := ada.Post(s.url+"/settings/picture", form.FormDataContentType(), &body)
			if err != nil {
				t.Error(err)
				return
			}
			_ = answer.Body.Close()
			statuses[i] = answer.StatusCode
		})
	}
	uploading.Wait()
	for _, status := range statuses {
		if status != http.StatusSeeOther && status != http.StatusOK {
			t.Errorf("the answers are %d", statuses)
			break
		}
	}
	most := s.memory()["VmHWM"]
	t.Logf("%d kB at most", most)
	if most == 0 || most > mostWithUploads {
		t.Errorf("the program took %d kB, more than %d", most, mostWithUploads)
	}
}
