package handlers

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
)

// sharedLevel is the compression level of HTML that is sent to many viewers.
const sharedLevel = 6

// minCompressed is the least HTML that is compressed, in bytes. Less fits in one packet.
const minCompressed = 1024

// A gzip member (RFC 1952) is a header, compressed blocks and a checksum.
const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	lastBlock  = "\x03\x00" // an empty block
)

// sendHTML answers with HTML, compressed if the browser accepts that. The shared page of a room is
// already compressed, once for all viewers. sendHTML compresses only what surrounds it.
func sendHTML(c echo.Context, status int, html []byte, shared live.Page) error {
	if len(html) < minCompressed {
		return c.HTMLBlob(status, html)
	}
	header := c.Response().Header()
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		return c.HTMLBlob(status, html)
	}
	member := takeBuffer()
	defer giveBack(member)
	member.WriteString(gzipHeader)
	before, after, found := bytes.Cut(html, shared.HTML)
	if found && len(shared.Deflated) > 0 {
		deflate(member, before, flate.BestSpeed)
		member.Write(shared.Deflated)
		deflate(member, after, flate.BestSpeed)
	} else {
		deflate(member, html, flate.BestSpeed)
	}
	member.WriteString(lastBlock)
	member.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(html)))
	member.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(html)))) //nolint:gosec // modulo 2^32, says the RFC
	header.Set(echo.HeaderContentEncoding, "gzip")
	header.Set(echo.HeaderContentLength, strconv.Itoa(member.Len()))
	return c.HTMLBlob(status, member.Bytes())
}

// deflate writes blocks that may stand anywhere in a compressed stream: they refer to nothing
// before them, and end at a whole byte.
func deflate(to *bytes.Buffer, p []byte, level int) {
	pool := &deflaters[level]
	w, ok := pool.Get().(*flate.Writer)
	if ok {
		w.Reset(to)
	} else {
		w, _ = flate.NewWriter(to, level) // only fails on an unknown level
	}
	// A bytes.Buffer never fails.
	_, _ = w.Write(p)
	_ = w.Flush()
	pool.Put(w)
}

// deflaters keeps the writers of each level. A writer has tables of 100 kB to 1 MB.
var deflaters [flate.BestCompression + 1]sync.Pool

// deflated compresses the page of a room for sendHTML.
func deflated(html []byte) []byte {
	var b bytes.Buffer
	deflate(&b, html, sharedLevel)
	return bytes.Clone(b.Bytes())
}
