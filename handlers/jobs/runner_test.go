package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/smtptest"
	"plaza/store"
	"plaza/store/storetest"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}

// outbox is a store with somebody in it who asks for emails.
type outbox struct {
	t       *testing.T
	address string
	store   *store.Store
	ada     store.User
}

func openOutbox(t *testing.T) *outbox {
	t.Helper()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	return &outbox{t, address, s, storetest.MustUser(t, s, "ada")}
}

// write has a mail sent to an address.
func (o *outbox) write(to string) {
	o.t.Helper()
	err := o.store.AskEmailChange(o.t.Context(), o.ada, to, true, func(change store.EmailChange, token string) store.Mail {
		return store.Mail{To: change.Email, Subject: "Hello", Body: token}
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// execute carries out a statement beside the store.
func (o *outbox) execute(statement string) {
	o.t.Helper()
	if _, err := storetest.Beside(o.t, o.address).ExecContext(o.t.Context(), statement); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outbox) count(condition string) int {
	o.t.Helper()
	var n int
	if err := storetest.Beside(o.t, o.address).QueryRowContext(o.t.Context(), `SELECT count(*) FROM jobs WHERE `+condition).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// log is what a runner has logged.
type log struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// run starts a runner on a store, and returns what ends it and waits for its end.
func run(t *testing.T, s *store.Store, server *smtptest.Server, out *log) (runner *jobs.Runner, stop func()) {
	t.Helper()
	smtp := mustSMTP(t, "smtp://127.0.0.1:"+server.Port())
	runner = jobs.NewRunner(s, smtp, slog.New(slog.NewTextHandler(out, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { runner.Run(ctx) })
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return runner, stop
}

// A server that is down, or refuses, gets the mail once it is well; a log tells nobody to whom.
func TestRunnerTriesAgain(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t, smtptest.Options{}), &log{}
	server.Stop()
	o.write("new@example.net")
	runner, _ := run(t, o.store, server, out)
	tried := func(times int) {
		t.Helper()
		eventually(t, fmt.Sprint("it was tried for the time ", times), func() bool {
			return strings.Contains(out.String(), fmt.Sprintf("attempts=%d ", times))
		})
		if o.count(fmt.Sprintf("attempts = %d AND next_at - made_at >= %d", times, store.JobLease.Milliseconds()<<(times-1))) != 1 {
			t.Errorf("after %d attempts it does not wait", times)
		}
	}
	again := func() {
		o.execute(`UPDATE jobs SET next_at = made_at`) // the wait is over
		runner.Wake()
	}
	tried(1)
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	server.Refuse(550)
	again()
	tried(2)
	server.Refuse(451)
	again()
	tried(3)
	server.Refuse(0)
	again()
	eventually(t, "the mail is sent and forgotten", func() bool { return len(server.Taken()) == 1 && o.count("TRUE") == 0 })
	if said := out.String(); strings.Contains(said, "example.net") || !strings.Contains(said, "refused") || !strings.Contains(said, "answers 550") {
		t.Errorf("the log says\n%s", said)
	}
}

// A runner that ends while a server stalls ends at once, and leaves the mail for the next start.
func TestRunnerStopsWhileAServerStalls(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t, smtptest.Options{}), &log{}
	server.Stall()
	_, stop := run(t, o.store, server, out)
	o.write("new@example.net")
	eventually(t, "the server has the mail and does not answer", func() bool { return server.Stalled() == 1 })
	began := time.Now()
	stop()
	if took := time.Since(began); took > patience || o.count("attempts = 1") != 1 || out.String() != "" {
		t.Errorf("after %v %d mails are left, and it says %s", took, o.count("TRUE"), out.String())
	}
	server.GoOn()
	o.execute(`UPDATE jobs SET next_at = made_at`)
	run(t, o.store, server, out)
	eventually(t, "the mail is sent", func() bool { return len(server.Taken()) == 1 })
}

// Mails that are too old are not sent, and given up.
func TestRunnerGivesUp(t *testing.T) {
	t.Parallel()
	o, server := openOutbox(t), mustStart(t, smtptest.Options{})
	o.write("old@example.net")
	o.execute(`UPDATE jobs SET made_at = made_at - 86400001, next_at = next_at - 86400001`)
	o.write("new@example.net")
	run(t, o.store, server, &log{})
	eventually(t, "the newer is sent", func() bool { return len(server.Taken()) == 1 })
	for _, want := range []int64{1, 0} {
		if givenUp, err := o.store.ExpireJobs(t.Context()); err != nil || givenUp != want {
			t.Errorf("%d mails are given up, of %d: %v", givenUp, want, err)
		}
	}
	if taken := server.Taken(); taken[0].To != "new@example.net" || o.count("TRUE") != 0 {
		t.Errorf("the server took %+v", taken)
	}
}

// Of many mails, several servers send each once.
func TestServersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	o, server := openOutbox(t), mustStart(t, smtptest.Options{})
	const mails = 40
	for i := range mails {
		o.write(fmt.Sprintf("new-%d@example.net", i))
	}
	for range 3 {
		run(t, storetest.MustOpenAt(t, o.address), server, &log{})
	}
	eventually(t, "all are sent", func() bool { return o.count("TRUE") == 0 })
	sent := map[string]int{}
	for _, mail := range server.Taken() {
		sent[mail.To]++
	}
	for to, times := range sent {
		if times != 1 {
			t.Errorf("%s is sent %d mails", to, times)
		}
	}
	if len(sent) != mails {
		t.Errorf("%d of %d mails are sent", len(sent), mails)
	}
}
