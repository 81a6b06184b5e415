package gallery

import (
	"fmt"
	"log"
	"net/http"

	"plaza/static"
	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// The site's own policy, so that what it forbids shows up here first.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the gallery: an index, and a page an entry, with what pages need.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", serveIndex)
	mux.HandleFunc("GET /gallery/{name}", serveEntry)
	mux.HandleFunc("GET /static/", static.Serve)
	mux.HandleFunc("GET /viewer.css", serveViewerStylesheet)
	mux.HandleFunc("GET /u/{name}/picture", servePicture)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func theme(r *http.Request) string {
	if chosen := r.URL.Query().Get("theme"); chosen == "light" || chosen == "dark" {
		return chosen
	}
	return ""
}

func serveIndex(w http.ResponseWriter, r *http.Request) {
	if err := Index(theme(r), Entries("")).Render(r.Context(), w); err != nil {
		log.Print(err)
	}
}

func serveEntry(w http.ResponseWriter, r *http.Request) {
	for _, entry := range Entries(theme(r)) {
		if entry.Name == r.PathValue("name") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := entry.Component.Render(r.Context(), w); err != nil {
				log.Print(err)
			}
			return
		}
	}
	http.NotFound(w, r)
}

func serveViewerStylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = fmt.Fprint(w, views.ViewerStylesheet(r.URL.Query().Get("u"), store.Relations{Friends: []string{"mei"}})) //nolint:gosec // a stylesheet, for its own author on localhost
}

func servePicture(w http.ResponseWriter, r *http.Request) {
	image, err := picture.Generate(r.PathValue("name"), "", 224)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(image) //nolint:gosec // a PNG of our own making
}
