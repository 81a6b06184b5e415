package crash

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"plaza/store"
)

// shown is a message, as its article in the stream shows it.
type shown struct {
	author, nonce string
	seq, version  int64
	text          string
	edits         int
	deleted       bool
	reactions     string // of each kind the emoji and the newest people
}

// partial is a part of a frame that changes the log: messages, and the version that a page has with
// them. A fresh partial replaces everything on the page.
type partial struct {
	version  int64
	fresh    bool
	messages []shown
}

// frames caches the parts of frames by the hash of their bytes. All readers get the same frames, so each
// is parsed once.
type frames struct {
	seed maphash.Seed
	read sync.Map // uint64 → []partial
}

// parts returns the parts of a frame that change the log.
func (f *frames) parts(frame []byte) ([]partial, error) {
	sum := maphash.Bytes(f.seed, frame)
	if known, ok := f.read.Load(sum); ok {
		return known.([]partial), nil
	}
	parts, err := readFrame(frame)
	if err == nil {
		f.read.Store(sum, parts)
	}
	return parts, err
}

func readFrame(frame []byte) ([]partial, error) {
	var parts []partial
	isLog := false
	var text *string // of the message whose body the tokens are in
	tokens := html.NewTokenizer(bytes.NewReader(frame))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if kind == html.TextToken && text != nil {
			*text += strings.TrimSpace(token.Data)
		}
		if kind == html.EndTagToken && token.Data == "div" {
			text = nil
		}
		if kind != html.StartTagToken {
			continue
		}
		attributes := map[string]string{}
		for _, attribute := range token.Attr {
			attributes[attribute.Key] = attribute.Val
		}
		switch {
		case token.Data == "hx-partial":
			if isLog = attributes["data-hx-target"] == "#messages"; !isLog {
				continue
			}
			rest, ok := strings.CutPrefix(attributes["data-hx-swap"], "log version:")
			rest, fresh := strings.CutSuffix(rest, " fresh:true")
			version, _, _ := strings.Cut(rest, " epoch:")
			number, err := strconv.ParseInt(version, 10, 64)
			if err != nil || !ok {
				return nil, fmt.Errorf("a part of a frame changes the log with the swap %q", attributes["data-hx-swap"])
			}
			parts = append(parts, partial{version: number, fresh: fresh})
		case token.Data == "article" && isLog:
			message, err := readArticle(attributes)
			if err != nil {
				return nil, err
			}
			last := &parts[len(parts)-1]
			last.messages = append(last.messages, message)
		case token.Data == "button" && isLog && attributes["class"] == "reaction":
			messages := parts[len(parts)-1].messages
			messages[len(messages)-1].reactions += attributes["value"] + " " + attributes["data-by"] + ","
		case token.Data == "div" && isLog && attributes["class"] == "body":
			messages := parts[len(parts)-1].messages
			text = &messages[len(messages)-1].text
		}
	}
	return parts, nil
}

func readArticle(attributes map[string]string) (shown, error) {
	message := shown{author: attributes["data-author"], nonce: attributes["data-nonce"]}
	message.deleted = slices.Contains(strings.Fields(attributes["class"]), "deleted")
	var errs [3]error
	message.seq, errs[0] = strconv.ParseInt(attributes["data-seq"], 10, 64)
	message.version, errs[1] = strconv.ParseInt(attributes["data-version"], 10, 64)
	if edits, ok := attributes["data-edits"]; ok {
		message.edits, errs[2] = strconv.Atoi(edits)
	}
	if id := fmt.Sprintf("m-%d-%d", store.PublicRoom, message.seq); attributes["id"] != id {
		errs[0] = errors.Join(errs[0], fmt.Errorf("a message has the id %q, want %q", attributes["id"], id))
	}
	return message, errors.Join(errs[:]...)
}
