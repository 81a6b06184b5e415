// Package static holds the site's styles, scripts and vendored libraries. It serves them under
// names that contain the hash of their content, so that browsers can keep them for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Stylesheet is the name of the one stylesheet, which joins every css/*.css in the order of
// their names. Cascade layers, not that order, decide which rule wins.
const Stylesheet = "plaza.css"

// Script is the name of the script that every page loads. It joins the vendored libraries and
// every js/*.js. It is one file because htmx can start between two scripts, and must not start
// before its extension and our own listeners are there.
const Script = "plaza.js"

// CroppingScript is the name of the script of the page where a picture is cropped.
const CroppingScript = "cropping.js"

// NoticesScript is the name of the script that plays sounds and shows desktop notices. A page loads
// it if they are on, and the page of their settings always does.
const NoticesScript = "notices.js"

// scripts lists each script with what it joins: libraries, in this order, then every file of a folder.
var scripts = []struct {
	name      string
	libraries []string
	folder    string
}{
	{Script, []string{"vendor/htmx/htmx.min.js", "vendor/htmx/hx-ws.min.js"}, "js"},
	{CroppingScript, []string{"vendor/cropperjs/cropper.min.js"}, "js/cropping"},
	{NoticesScript, nil, "js/notices"},
}

type file struct {
	content []byte
	gzipped []byte
	kind    string
	address string
}

// files is the set of static files, each with its content hashed and compressed once.
type files struct {
	byName    map[string]file
	byAddress map[string]file
}

// load reads, joins, shortens, hashes and compresses all static files. It panics if it cannot
// read one, since they are part of the binary.
func load() *files {
	all := &files{byName: map[string]file{}, byAddress: map[string]file{}}
	var stylesheet bytes.Buffer
	own := map[string]string{} // our own scripts, by folder
	err := fs.WalkDir(content, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		switch path.Dir(name) {
		case "css":
			stylesheet.Write(b)
		case "js", "js/cropping", "js/notices":
			own[path.Dir(name)] += scoped(b)
		case ".":
			return all.add(name, b)
		}
		return nil
	})
	if err == nil {
		err = all.addStylesheet(stylesheet.Bytes())
	}
	for _, script := range scripts {
		err = errors.Join(err, all.addScript(script.name, script.libraries, own[script.folder]))
	}
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return all
}

// scoped gives a script a scope of its own.
func scoped(script []byte) string { return fmt.Sprintf("(() => {\n'use strict';\n%s})();\n", script) }

func (f *files) addStylesheet(joined []byte) error {
	short, err := shorten("css", joined)
	return errors.Join(err, f.add(Stylesheet, short))
}

// addScript puts libraries before scripts of our own.
func (f *files) addScript(name string, libraries []string, own string) error {
	var all bytes.Buffer
	for _, name := range libraries {
		library, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&all, "%s;\n", library)
	}
	short, err := shorten("js", []byte(own))
	all.Write(short)
	return errors.Join(err, f.add(name, all.Bytes()))
}

func (f *files) add(name string, b []byte) error {
	hash := sha256.Sum256(b)
	ext := path.Ext(name)
	added := file{
		content: b,
		kind:    mime.TypeByExtension(ext),
		address: "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(hash[:6]) + ext,
	}
	var compressed bytes.Buffer
	w, err := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if compressed.Len() < len(b) {
		added.gzipped = compressed.Bytes()
	}
	f.byName[name] = added
	f.byAddress[added.address] = added
	return nil
}

// Address returns the path at which the file is served. The path changes with the file's
// content. Address panics if there is no such file: a misspelt name is a bug, and the
// gallery's test renders every page.
func Address(name string) string { return named(name).address }

// Content returns what Serve answers with at the file's address. It panics as Address does.
func Content(name string) []byte { return named(name).content }

func named(name string) file {
	found, ok := current().byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return found
}

// Serve answers with the file at the request's path, or with 404 if there is none.
func Serve(w http.ResponseWriter, r *http.Request) {
	found, ok := current().byAddress[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", found.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := found.content
	if found.gzipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = found.gzipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
