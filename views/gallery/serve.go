package gallery

import (
	"bytes"
	"embed"
	"fmt"
	"log"
	"net/http"

	"github.com/a-h/templ"

	"plaza/static"
	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// policy is the site's own policy, so that a violation shows up here first. Unlike the site, the
// gallery allows frames of its own pages.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-src 'self'; frame-ancestors 'self'"

//go:embed gallery.css text-size.css foundations.css
var stylesheets embed.FS

// Handler serves the gallery: an index, each entry with the switches around it and by itself, and the
// files that these pages need.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", serveIndex)
	mux.HandleFunc("GET /states/{name}", serveState)
	mux.HandleFunc("GET /gallery/{name}", serveEntry)
	mux.Handle("GET /gallery.css", http.FileServerFS(stylesheets))
	mux.Handle("GET /text-size.css", http.FileServerFS(stylesheets))
	mux.HandleFunc("GET /foundations.css", serveFoundationsStylesheet)
	mux.HandleFunc("GET /static/", static.Serve)
	mux.HandleFunc("GET /viewer.css", serveViewerStylesheet)
	mux.HandleFunc("GET /u/{name}/picture", servePicture)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func serveIndex(w http.ResponseWriter, r *http.Request) {
	l := lookFrom(r.URL.Query())
	serve(w, r, index(l, Groups(l.theme)))
}

func serveState(w http.ResponseWriter, r *http.Request) {
	l := lookFrom(r.URL.Query())
	for _, group := range Groups(l.theme) {
		for _, entry := range group.Entries {
			if entry.Name == r.PathValue("name") {
				serve(w, r, state(l, group, entry))
				return
			}
		}
	}
	http.NotFound(w, r)
}

func serveEntry(w http.ResponseWriter, r *http.Request) {
	l := lookFrom(r.URL.Query())
	for _, entry := range Entries(l.theme) {
		if entry.Name == r.PathValue("name") {
			serve(w, r, scripted(entry.Component, l.changes()...))
			return
		}
	}
	http.NotFound(w, r)
}

// changes returns what the look changes on a page, in pairs for scripted.
func (l look) changes() []string {
	if l.direction == "ltr" && l.textSize == "100" {
		return nil
	}
	const html, head = `<html lang="en"`, `</head>`
	return []string{
		html, fmt.Sprintf(`%s dir="%s" data-text-size="%s"`, html, l.direction, l.textSize),
		head, `<link rel="stylesheet" href="/text-size.css">` + head,
	}
}

func serve(w http.ResponseWriter, r *http.Request, page templ.Component) {
	var b bytes.Buffer
	if err := page.Render(r.Context(), &b); err != nil {
		log.Print(err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

func serveFoundationsStylesheet(w http.ResponseWriter, _ *http.Request) {
	own, err := stylesheets.ReadFile("foundations.css")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(append(own, tokenStylesheet()...))
}

func serveViewerStylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = fmt.Fprint(w, views.ViewerStylesheet(store.Person{ID: ada.ID, Username: r.URL.Query().Get("u")}, store.Relations{Friends: []string{mei.Username}, Blocked: []string{blocked.Username}})) //nolint:gosec // a stylesheet, for its own author on localhost
}

// servePicture draws a picture. A browser may keep it for a minute, since a log repeats a few pictures.
func servePicture(w http.ResponseWriter, r *http.Request) {
	drawn, kind := displayNames()[r.PathValue("name")], "image/svg+xml"
	image, err := picture.Vector(r.PathValue("name"), drawn)
	if err == nil && image == nil {
		kind = "image/png"
		image, err = picture.Generate(r.PathValue("name"), drawn, 224)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "max-age=60")
	_, _ = w.Write(image) //nolint:gosec // of our own making
}
