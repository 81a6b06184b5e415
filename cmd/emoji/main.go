// Command emoji writes the emoji that people react with: a list for views/markdown, which recognizes them, and a module
// with their names for the picker. Both are made from the npm package emojibase-data, which "npm pack" fetches:
//
//	go run ./cmd/emoji FOLDER
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	list   = "views/markdown/emoji.txt"
	module = "static/vendor/emojibase/emoji.js"
)

// emoji is an entry of en/data.json.
type emoji struct {
	Emoji string   `json:"emoji"`
	Label string   `json:"label"`
	Tags  []string `json:"tags"`
	Group *int     `json:"group"`
	Order int      `json:"order"`
	Skins []struct {
		Emoji string `json:"emoji"`
	} `json:"skins"`
}

// component is the group of what emoji are made of, such as skin tones.
const component = 2

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: emoji FOLDER, the package emojibase-data")
	}
	all, err := read(filepath.Join(os.Args[1], "en", "data.json"))
	if err == nil {
		err = os.WriteFile(list, listOf(all), 0o600)
	}
	if err == nil {
		err = os.WriteFile(module, moduleOf(all), 0o600)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// read returns the emoji in the order of Unicode.
func read(path string) ([]emoji, error) {
	content, err := os.ReadFile(path) //nolint:gosec // the developer names it
	if err != nil {
		return nil, err
	}
	var all []emoji
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e emoji) bool { return e.Group == nil || *e.Group == component })
	slices.SortFunc(all, func(a, b emoji) int { return cmp.Compare(a.Order, b.Order) })
	return all, nil
}

// listOf returns a sorted line for each emoji, also with skin tones: without variation selectors, and then with them if
// it has any.
func listOf(all []emoji) []byte {
	var lines []string
	add := func(text string) {
		bare := strings.ReplaceAll(text, "\uFE0F", "")
		if bare == text {
			lines = append(lines, bare)
		} else {
			lines = append(lines, bare+" "+text)
		}
	}
	for _, e := range all {
		add(e.Emoji)
		for _, skin := range e.Skins {
			add(skin.Emoji)
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "\n") + "\n")
}

// moduleOf returns a module with a line for each emoji: its group, the emoji, its name, more words to find it by, and
// "+" if it comes in skin tones.
func moduleOf(all []emoji) []byte {
	var lines bytes.Buffer
	lines.WriteString("// Made by cmd/emoji from emojibase-data: see LICENSE.\nexport default `")
	for i, e := range all {
		if i > 0 {
			lines.WriteString("\n")
		}
		skins := ""
		if len(e.Skins) > 0 {
			skins = "+"
		}
		fmt.Fprintf(&lines, "%d\t%s\t%s\t%s\t%s", *e.Group, e.Emoji, e.Label, strings.Join(wordsOf(e), " "), skins)
	}
	lines.WriteString("`;\n")
	return lines.Bytes()
}

// wordsOf returns the tags that are not in the name.
func wordsOf(e emoji) []string {
	return slices.DeleteFunc(slices.Clone(e.Tags), func(tag string) bool {
		return strings.ContainsAny(tag, "`\\$") || strings.Contains(e.Label, tag)
	})
}
