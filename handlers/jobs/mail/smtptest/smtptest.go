// Package smtptest runs SMTP servers for tests of the mail that a site sends.
package smtptest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is one that a server took.
type Mail struct {
	From, To  string // of the SMTP commands, not of the header
	Header    mail.Header
	Body      string // in plain text
	HTML      string // "" if the mail is only text
	User      string // the account that sent it; "" if the server asks for none
	Encrypted bool   // on its way to the server
}

// Options say how a server is reached.
type Options struct {
	User, Password string           // the account that may send; "": everybody may
	Certificate    *tls.Certificate // with it the server offers STARTTLS, and asks for a password only after that
	Encrypted      bool             // encrypts from the first byte on
}

// Server is an SMTP server on a port of loopback. It keeps the port when it is started again.
type Server struct {
	options  Options
	address  string
	listener net.Listener
	running  *smtp.Server

	mu       sync.Mutex
	taken    []Mail
	refusal  refusal
	stalling chan struct{} // closed when it goes on; nil: it does not stall
	stallsTo string        // whose mails it stalls; "": everybody's
	vanishes bool          // takes mails without an answer
	stalled  int           // how many mails wait for that
}

// refusal is the statuses with which a server refuses recipients and contents; 0: it does not.
type refusal struct {
	recipient, content int
	policy             bool // the reason for refusing recipients is a policy about the sender
}

// Start starts a server on any free port.
func Start(options Options) (*Server, error) {
	s := &Server{options: options, address: "127.0.0.1:0"}
	return s, s.Restart()
}

// Restart starts the server after Stop.
func (s *Server) Restart() error {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.address = listener.Addr().String()
	s.running = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	s.running.ErrorLog = log.New(io.Discard, "", 0)
	s.running.Domain, s.running.AllowInsecureAuth = "localhost", s.options.Certificate == nil
	if s.options.Certificate != nil {
		s.running.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*s.options.Certificate}, MinVersion: tls.VersionTLS12}
	}
	if s.options.Encrypted {
		listener = tls.NewListener(listener, s.running.TLSConfig)
	}
	s.listener = listener
	go func(running *smtp.Server) { _ = running.Serve(listener) }(s.running)
	return nil
}

// Port returns the server's port.
func (s *Server) Port() string {
	_, port, _ := net.SplitHostPort(s.address)
	return port
}

// Stop ends the server, and its connections with it.
func (s *Server) Stop() {
	s.GoOn()
	_ = s.listener.Close() // the server does not close it if Serve has not begun
	_ = s.running.Close()
}

// Taken returns the mails that the server took.
func (s *Server) Taken() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// Refuse makes the server refuse all recipients with a status and a reply that names them, until it
// is called with 0.
func (s *Server) Refuse(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal.recipient, s.refusal.policy = code, false
}

// RefuseByPolicy is Refuse with the reason that the server has a policy about who may send.
func (s *Server) RefuseByPolicy(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal.recipient, s.refusal.policy = code, true
}

// Vanish makes the server take mails and close the connection without an answer, until it is called with false.
func (s *Server) Vanish(vanishes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vanishes = vanishes
}

// RefuseContent makes the server refuse the content of all mails with a status, until it is called
// with 0.
func (s *Server) RefuseContent(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal.content = code
}

// Stall makes the server answer no mail until GoOn.
func (s *Server) Stall() { s.StallTo("") }

// StallTo makes the server answer no mail to a recipient until GoOn.
func (s *Server) StallTo(recipient string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stalling, s.stallsTo = make(chan struct{}), recipient
}

// GoOn ends Stall.
func (s *Server) GoOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stalling != nil {
		close(s.stalling)
		s.stalling = nil
	}
}

// Stalled returns how many mails the server has received and not answered.
func (s *Server) Stalled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stalled
}

// session is one connection to a server.
type session struct {
	server *Server
	conn   *smtp.Conn
	mail   Mail
}

func (c *session) AuthMechanisms() []string {
	if c.server.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.server.options.User || password != c.server.options.Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: user + " has not the password " + password}
		}
		c.mail.User = user
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.mail.User != c.server.options.User {
		return smtp.ErrAuthRequired
	}
	c.mail.From = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if code := c.server.refusal.recipient; code != 0 {
		subject := 1
		if c.server.refusal.policy {
			subject = 7
		}
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, subject, 1}, Message: "<" + to + "> is not known here"}
	}
	c.mail.To = to
	return nil
}

func (c *session) Data(r io.Reader) error {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if c.mail.Body, c.mail.HTML, err = parts(message); err != nil {
		return err
	}
	_, c.mail.Encrypted = c.conn.TLSConnectionState()
	c.mail.Header = message.Header
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if stalling := c.server.stalling; stalling != nil && (c.server.stallsTo == "" || c.server.stallsTo == c.mail.To) {
		c.server.stalled++
		c.server.mu.Unlock()
		<-stalling
		c.server.mu.Lock()
		c.server.stalled--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 4, 5}, Message: "too late"}
	}
	if code := c.server.refusal.content; code != 0 {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 6, 0}, Message: "not to <" + c.mail.To + ">"}
	}
	c.server.taken = append(c.server.taken, c.mail)
	if c.server.vanishes {
		_ = c.conn.Conn().Close()
	}
	return nil
}

// parts returns the text of a message, and its HTML if there are both.
func parts(message *mail.Message) (text, html string, err error) {
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return "", "", err
	}
	if kind != "multipart/alternative" {
		body, err := io.ReadAll(quotedprintable.NewReader(message.Body))
		return string(body), "", err
	}
	alternatives := multipart.NewReader(message.Body, parameters["boundary"])
	for _, part := range []struct {
		kind    string
		content *string
	}{{"text/plain", &text}, {"text/html", &html}} {
		next, err := alternatives.NextPart()
		if err != nil {
			return "", "", err
		}
		content, err := io.ReadAll(next)
		if err != nil {
			return "", "", err
		}
		if !strings.HasPrefix(next.Header.Get("Content-Type"), part.kind) {
			return "", "", fmt.Errorf("a part is %s instead of %s", next.Header.Get("Content-Type"), part.kind)
		}
		*part.content = string(content)
	}
	if _, err := alternatives.NextPart(); !errors.Is(err, io.EOF) {
		return "", "", errors.New("there are more than two parts")
	}
	return text, html, nil
}

func (c *session) Reset() {}

func (c *session) Logout() error { return nil }
