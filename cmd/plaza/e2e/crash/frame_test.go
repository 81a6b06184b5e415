package crash

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
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
	tokens := html.NewTokenizer(bytes.NewReader(frame))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.StartTagToken {
			continue
		}
		token := tokens.Token()
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
		}
	}
	return parts, nil
}

func readArticle(attributes map[string]string) (shown, error) {
	message := shown{author: attributes["data-author"], nonce: attributes["data-nonce"]}
	var errs [2]error
	message.seq, errs[0] = strconv.ParseInt(attributes["data-seq"], 10, 64)
	message.version, errs[1] = strconv.ParseInt(attributes["data-version"], 10, 64)
	if id := fmt.Sprintf("m-%d-%d", store.PublicRoom, message.seq); attributes["id"] != id {
		errs[0] = errors.Join(errs[0], fmt.Errorf("a message has the id %q, want %q", attributes["id"], id))
	}
	return message, errors.Join(errs[:]...)
}
