package jobs_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store"
)

// senderTo returns the handler that a site has for its mail.
func (o *outbox) senderTo(server *smtptest.Server) jobs.Handler {
	o.t.Helper()
	smtp, err := mail.NewSMTP("smtp://127.0.0.1:"+server.Port(), "plaza@chat.example.org")
	if err != nil {
		o.t.Fatal(err)
	}
	return mail.NewSender(smtp, o.store).Send
}

// mailTo adds a job that sends a mail. verifies tells that the mail verifies the address.
func (o *outbox) mailTo(to, subject string, verifies bool) {
	o.t.Helper()
	o.add(string(store.MailJob), fmt.Sprintf(`{"to":%q,"subject":%q,"body":"Hello","verifies":%t}`, to, subject, verifies), 1)
}

func subjects(server *smtptest.Server) string {
	var all []string
	for _, mail := range server.Taken() {
		all = append(all, mail.Header.Get("Subject"))
	}
	return strings.Join(all, " ")
}

// An address that refuses mail for good gets no more, however it is written, but the mail that verifies it. The owner
// sees it.
func TestRefusedAddressGetsNoMoreMail(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Refuse(550)
	o.mailTo("ada@example.org", "first", false)
	runner, _ := run(t, o.store, o.senderTo(server), out)
	done := func() { eventually(t, "all is done", func() bool { return o.count("TRUE") == 0 }) }
	next := func(to, subject string, verifies bool) {
		o.mailTo(to, subject, verifies)
		runner.Wake(store.MailJob)
		done()
	}
	done()
	server.Refuse(0)
	next("ada@example.org", "second", false)
	next("Ada@EXAMPLE.org", "third", false)
	if got := subjects(server); got != "" {
		t.Errorf("it gets %s", got)
	}
	next("bob@example.org", "other", false)
	next("ada@example.org", "link", true)
	next("ada@example.org", "fourth", false)
	if got := subjects(server); got != "other link" {
		t.Errorf("the mails are %s", got)
	}
	if states, err := o.store.MailStates(t.Context()); err != nil || states[o.ada.ID].Refused != 550 || states[o.ada.ID].RefusedAt.IsZero() {
		t.Errorf("the owner sees %+v, %v", states, err)
	}
	if said := out.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "answers 550") || !strings.Contains(said, "plaza user list") || strings.Contains(said, "@") {
		t.Errorf("the log says\n%s", said)
	}
}

// What is no answer about the address keeps no mail from it.
func TestRefusalsOfOthers(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*smtptest.Server){
		"a busy mailbox":  func(s *smtptest.Server) { s.Refuse(450) },
		"a policy":        func(s *smtptest.Server) { s.RefuseByPolicy(554) },
		"no password":     func(s *smtptest.Server) { s.Refuse(530) },
		"the mail itself": func(s *smtptest.Server) { s.RefuseContent(554) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, server, out := openOutbox(t), mustStart(t), &log{}
			o.t = t
			refuse(server)
			o.mailTo("ada@example.org", "first", false)
			runner, _ := run(t, o.store, o.senderTo(server), out)
			eventually(t, "it fails", func() bool { return out.String() != "" })
			o.execute(`DELETE FROM jobs`)
			server.Refuse(0)
			server.RefuseContent(0)
			o.mailTo("ada@example.org", "second", false)
			runner.Wake(store.MailJob)
			eventually(t, "it gets the next", func() bool { return subjects(server) == "second" })
		})
	}
}

// A server that vanishes after it has the whole mail may have taken it: the mail is sent again, and its Message-ID says
// that it is the same.
func TestServerVanishesAfterTheMail(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Vanish(true)
	o.mailTo("ada@example.org", "once", false)
	runner, _ := run(t, o.store, o.senderTo(server), out)
	eventually(t, "it fails", func() bool { return strings.Contains(out.String(), "tried again") })
	if o.count("attempts = 1") != 1 || len(server.Taken()) != 1 {
		t.Errorf("%d mails wait, and the server has %d", o.count("TRUE"), len(server.Taken()))
	}
	server.Vanish(false)
	o.execute(`UPDATE jobs SET next_at = made_at`)
	runner.Wake(store.MailJob)
	eventually(t, "it is done", func() bool { return o.count("TRUE") == 0 })
	taken := server.Taken()
	if len(taken) != 2 || taken[0].Header.Get("Message-Id") != taken[1].Header.Get("Message-Id") {
		t.Errorf("the server has %+v", taken)
	}
}

// A server that accepts connections and says nothing costs an attempt no more than its time: it ends with its context.
func TestServerSaysNothing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		cancel() // the time of the attempt is over
		<-t.Context().Done()
		_ = conn.Close()
	}()
	t.Cleanup(func() { _ = listener.Close() })
	smtp, err := mail.NewSMTP("smtp://"+listener.Addr().String(), "plaza@chat.example.org")
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		sent <- smtp.Send(ctx, store.Job{ID: 1, Kind: store.MailJob, Payload: `{"to":"ada@example.org","subject":"Hello","body":"Hello"}`})
	}()
	select {
	case err := <-sent:
		if err == nil || jobs.IsPermanent(err) {
			t.Errorf("it gives %v", err)
		}
	case <-t.Context().Done():
		t.Error("it hangs")
	}
}
