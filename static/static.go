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
	"regexp"
	"strings"
)

// Stylesheet is the name of the only stylesheet. It joins all css/*.css in the order of their
// names. Cascade layers, not that order, decide which rule wins.
const Stylesheet = "plaza.css"

// Script is the name of the script that each page loads first. It joins the vendored libraries
// and our own files. It is one file, because htmx can start between two scripts. It must not
// start before its extension and our own listeners exist.
const Script = "plaza.js"

// libraries are the files that Script begins with, in order.
var libraries = []string{"vendor/htmx/htmx.min.js", "vendor/htmx/hx-ws.min.js"}

// joined are the folders with our own files in Script, in order: all others use what js/account keeps.
// The files of other folders are modules, which pages load when they need them.
var joined = []string{"js/account", "js/chat", "js/core"}

// PictureScript is the name of the module of the page that uploads a picture.
const PictureScript = "js/picture/choose.js"

// PasskeyScript is the name of the module of the pages that add a passkey or sign in with one.
const PasskeyScript = "js/passkey/passkey.js" //nolint:gosec // a path

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
// read a file, since the files are part of the binary.
func load() *files {
	all := &files{byName: map[string]file{}, byAddress: map[string]file{}}
	err := errors.Join(all.addStylesheet(), all.addScript(), all.addModule(PictureScript), all.addModule(PasskeyScript))
	for _, name := range []string{"icons.svg", "waiting.svg", "preview.png", "touch-icon.png", "favicon.ico", "robots.txt"} {
		b, failed := fs.ReadFile(content, name)
		err = errors.Join(err, failed, all.add(name, b))
	}
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return all
}

func (f *files) addStylesheet() error {
	names, err := fs.Glob(content, "css/*.css")
	if err != nil {
		return err
	}
	var all []byte
	for _, name := range names {
		b, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		all = append(all, b...)
	}
	short, err := shorten("css", all)
	return errors.Join(err, f.add(Stylesheet, short))
}

// addScript puts the libraries before our own files.
func (f *files) addScript() error {
	var all bytes.Buffer
	for _, name := range libraries {
		library, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&all, "%s;\n", library)
	}
	own, err := f.joinOwn()
	all.Write(own)
	return errors.Join(err, f.add(Script, all.Bytes()))
}

// joinOwn returns our own part of Script, with a scope for each file.
func (f *files) joinOwn() ([]byte, error) {
	var own bytes.Buffer
	for _, folder := range joined {
		names, err := fs.Glob(content, folder+"/*.js")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			script, err := f.link(name)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&own, "(() => {\n'use strict';\n%s})();\n", script)
		}
	}
	return shorten("js", own.Bytes())
}

// addModule adds a module and what it imports.
func (f *files) addModule(name string) error {
	if _, ok := f.byName[name]; ok {
		return nil
	}
	script, err := f.link(name)
	if err == nil && strings.HasPrefix(name, "js/") { // vendored modules are already short
		script, err = shorten("js", script)
	}
	return errors.Join(err, f.add(name, script))
}

// importing matches the paths of modules in a script. Our scripts write them as literals, also
// in import().
var importing = regexp.MustCompile(`(\b(?:import|from)\b[ (]*)'(\.[^']+)'`)

// link reads a script, adds the modules that it imports, and replaces their paths with their
// addresses. So a script's hash changes when a module that it imports changes. Imports must not
// form a cycle, because a hash would depend on itself.
func (f *files) link(name string) ([]byte, error) {
	script, err := fs.ReadFile(content, name)
	if err != nil {
		return nil, err
	}
	for _, found := range importing.FindAllSubmatch(script, -1) {
		module := path.Join(path.Dir(name), string(found[2]))
		if err := f.addModule(module); err != nil {
			return nil, fmt.Errorf("%s imports %s: %w", name, found[2], err)
		}
		linked := fmt.Appendf(nil, "%s'%s'", found[1], f.byName[module].address)
		script = bytes.Replace(script, found[0], linked, 1)
	}
	return script, nil
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

// Content returns the content that Serve sends for the file. It panics if there is no such file.
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
