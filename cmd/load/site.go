package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// people is the number of accounts. They are few, because hashing their passwords takes time.
const people = 8

// frameLength is about the length of plaza's frame of a message, in bytes. The bare program's frames
// are as long.
const frameLength = 700

// site is a server of plaza, in a process of its own.
type site struct {
	process  *exec.Cmd
	folder   string
	address  string
	database []string      // the flags of the database and the bus
	cookies  []string      // a session for each person
	version  *atomic.Int64 // of the public chat, in which only this program posts
}

// startSite starts a site on an SQLite database of its own. It creates the accounts and starts the site
// again: hashing passwords leaves memory behind, which would count as the connections'.
func startSite(ctx context.Context, binary string) (*site, error) {
	folder, err := os.MkdirTemp("", "plaza-load-")
	if err != nil {
		return nil, err
	}
	s := &site{
		folder: folder, address: addressOf(0), version: new(atomic.Int64),
		database: []string{"--db", filepath.Join(folder, "plaza.db")},
	}
	if err := s.start(ctx, binary); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.populate(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := errors.Join(end(s.process), s.start(ctx, binary)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, nil
}

// addressOf returns the address of a server. Its port is below those that the kernel gives to
// connections.
func addressOf(number int) string {
	return fmt.Sprintf("127.0.0.1:%d", 20_000+(os.Getpid()+number)%10_000)
}

func (s *site) start(ctx context.Context, binary string) error {
	flags := append([]string{"serve", "--addr", s.address, "--limits", "off", "--log-level", "warn"}, s.database...)
	s.process = exec.CommandContext(ctx, binary, flags...) //nolint:gosec // the binary is a flag
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("%w (make build makes it)", err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return errors.Join(errors.New("plaza did not start"), end(s.process))
	}
	return nil
}

func (s *site) stop() error {
	return errors.Join(end(s.process), os.RemoveAll(s.folder)) // RemoveAll("") does nothing
}

// populate creates the accounts and their sessions.
func (s *site) populate(ctx context.Context) error {
	for i := range people {
		cookie, err := s.register(ctx, fmt.Sprint("person", i))
		if err != nil {
			return err
		}
		s.cookies = append(s.cookies, cookie)
	}
	return nil
}

func (s *site) pid() int { return s.process.Process.Pid }

// register creates an account and returns the cookie of its session.
func (s *site) register(ctx context.Context, name string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	const password = "a long enough phrase"
	form := url.Values{
		"username": {name}, "email": {name + "@example.org"}, "password": {password}, "password_confirm": {password},
	}.Encode()
	page := "http://" + s.address + "/register"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, page, strings.NewReader(form))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := (&http.Client{Jar: jar}).Do(request)
	if err != nil {
		return "", err
	}
	if err := answer.Body.Close(); err != nil {
		return "", err
	}
	for _, cookie := range jar.Cookies(request.URL) {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", fmt.Errorf("register %s: %s", name, answer.Status)
}

// connection sends requests over one HTTP connection, one at a time. It costs less processor time than
// net/http, and so takes less from plaza.
type connection struct {
	net.Conn
	answers *bufio.Reader
}

func (s *site) dial() (*connection, error) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// ask sends a request and reads the response, which must have a Content-Length or no body.
func (c *connection) ask(request string, want int) error {
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	status, length := 0, 0
	for first := true; ; first = false {
		line, err := c.answers.ReadString('\n')
		if err != nil {
			return err
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case first:
			_, err = fmt.Sscanf(line, "HTTP/1.1 %d", &status)
		case name == "Content-Length":
			_, err = fmt.Sscan(value, &length)
		}
		if err != nil {
			return err
		}
		if name == "" {
			break
		}
	}
	if _, err := c.answers.Discard(length); err != nil {
		return err
	}
	if status != want {
		return fmt.Errorf("%.40q is answered with status %d", request, status)
	}
	return nil
}

// read opens a socket of the public chat, from its current version on.
func (s *site) read(i int) (*bufio.Reader, net.Conn, error) { return s.readAfter(i, s.version.Load()) }

// readAfter opens a socket of the public chat, from a cursor on.
func (s *site) readAfter(i int, cursor int64) (*bufio.Reader, net.Conn, error) {
	c, err := s.dial()
	if err != nil {
		return nil, nil, err
	}
	request := fmt.Sprintf("GET /ws?room=1&after=%d HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		cursor, s.address, s.address, s.cookies[i%people])
	return c.answers, c, c.ask(request, http.StatusSwitchingProtocols)
}

// author opens a connection over which a member posts.
func (s *site) author(i int) (func(body string) error, io.Closer, error) {
	c, err := s.dial()
	if err != nil {
		return nil, nil, err
	}
	return func(body string) error {
		form := fmt.Sprintf("room=1&body=%s&nonce=%d", url.QueryEscape(body), s.version.Add(1))
		request := fmt.Sprintf("POST /messages HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s\r\n"+
			"HX-Request: true\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
			s.address, s.address, s.cookies[i%people], len(form), form)
		return c.ask(request, http.StatusNoContent)
	}, c, nil
}
