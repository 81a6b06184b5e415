package jobs_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store"
	"plaza/store/storetest"
)

// patience is how long a test waits for a condition.
const patience = time.Minute

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}

func mustStart(t *testing.T) *smtptest.Server {
	t.Helper()
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

// outbox is a store with a user who asks for emails.
type outbox struct {
	t       *testing.T
	address string
	beside  *sql.DB // the store's database, as another program would open it
	store   *store.Store
	ada     store.User
}

func openOutbox(t *testing.T) *outbox {
	t.Helper()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	return &outbox{t, address, storetest.Beside(t, address), s, storetest.MustUser(t, s, "ada")}
}

// write adds a job that sends a mail to an address.
func (o *outbox) write(to string) {
	o.t.Helper()
	err := o.store.AskEmailChange(o.t.Context(), o.ada, to, true, func(change store.EmailChange, token string) store.Mail {
		return store.Mail{To: change.Email, Subject: "Hello", Body: token}
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// add adds jobs of a kind, which are due, beside the store.
func (o *outbox) add(kind, payload string, jobs int) {
	o.t.Helper()
	at := time.Now().Add(-time.Second).UnixMilli()
	_, err := o.beside.ExecContext(o.t.Context(), `
		WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
		INSERT INTO jobs (kind, payload, next_at, made_at) SELECT $2, $3, $4, $4 FROM numbers`, jobs, kind, payload, at)
	if err != nil {
		o.t.Fatal(err)
	}
}

// execute runs a statement beside the store.
func (o *outbox) execute(statement string) {
	o.t.Helper()
	if _, err := o.beside.ExecContext(o.t.Context(), statement); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outbox) count(condition string) int {
	o.t.Helper()
	var n int
	if err := o.beside.QueryRowContext(o.t.Context(), `SELECT count(*) FROM jobs WHERE `+condition).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// log collects the log of a runner.
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

// run starts a runner on a store, with a handler of mail jobs. It returns a function that stops the
// runner and waits for its end.
func run(t *testing.T, s *store.Store, handle jobs.Handler, out *log) (runner *jobs.Runner, stop func()) {
	t.Helper()
	runner = jobs.New(s, slog.New(slog.NewTextHandler(out, nil)), map[store.JobKind]jobs.Handler{store.MailJob: handle})
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

// sendTo returns the handler that sends mail to a server.
func sendTo(t *testing.T, server *smtptest.Server) jobs.Handler {
	t.Helper()
	smtp, err := mail.NewSMTP("smtp://127.0.0.1:"+server.Port(), "plaza@chat.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return smtp.Send
}

// A server that was down or busy gets the mail later. The log does not name the recipient.
func TestRunnerTriesAgain(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Stop()
	o.write("new@example.net")
	runner, _ := run(t, o.store, sendTo(t, server), out)
	tried := func(times int) {
		t.Helper()
		eventually(t, fmt.Sprint("it was tried for the time ", times), func() bool {
			return strings.Contains(out.String(), fmt.Sprintf("attempts=%d ", times))
		})
		if o.count(fmt.Sprintf("attempts = %d AND next_at - made_at >= %d", times, store.MailJob.Policy().FirstWait.Milliseconds()<<(times-1))) != 1 {
			t.Errorf("after %d attempts it does not wait", times)
		}
	}
	again := func() {
		o.execute(`UPDATE jobs SET next_at = made_at`) // ends the wait
		runner.Wake(store.MailJob)
	}
	tried(1)
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	server.Refuse(421)
	again()
	tried(2)
	server.Refuse(451)
	again()
	tried(3)
	server.Refuse(0)
	again()
	eventually(t, "the mail is sent and forgotten", func() bool { return len(server.Taken()) == 1 && o.count("TRUE") == 0 })
	if said := out.String(); strings.Contains(said, "example.net") || !strings.Contains(said, "refused") || !strings.Contains(said, "answers 451") {
		t.Errorf("the log says\n%s", said)
	}
}

// A job that cannot be done is given up at once, and the log says so without what is in it. It
// keeps no other job from being done.
func TestRunnerGivesUpAtOnce(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Refuse(550)
	o.write("gone@example.net")
	runner, _ := run(t, o.store, sendTo(t, server), out)
	eventually(t, "a mail that is refused is given up", func() bool { return o.count("TRUE") == 0 })
	server.Refuse(0)
	o.add("mail", `{"to":"s3cret@example.net`, 1)
	o.write("new@example.net")
	runner.Wake(store.MailJob)
	eventually(t, "the mail is sent, and no job is left", func() bool { return len(server.Taken()) == 1 && o.count("TRUE") == 0 })
	said := out.String()
	if strings.Count(said, "level=ERROR") != 2 || strings.Count(said, "given up") != 2 || strings.Count(said, "attempts=1 ") != 2 ||
		!strings.Contains(said, "answers 550") || !strings.Contains(said, "malformed") ||
		strings.Contains(said, "example.net") || strings.Contains(said, "s3cret") {
		t.Errorf("the log says\n%s", said)
	}
}

// The log says of a job that fails for the last time that it is given up.
func TestRunnerGivesUpAtTheLastAttempt(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Refuse(451)
	o.write("new@example.net")
	o.execute(fmt.Sprint(`UPDATE jobs SET attempts = `, store.MailJob.Policy().MaxAttempts-1))
	run(t, o.store, sendTo(t, server), out)
	eventually(t, "it is given up", func() bool { return o.count("TRUE") == 0 && strings.Contains(out.String(), "given up") })
	if said := out.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "answers 451") {
		t.Errorf("the log says\n%s", said)
	}
}

// A connection that hangs keeps no other mail from being sent.
func TestRunnerPassesAServerThatStalls(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.StallTo("stuck@example.net")
	o.write("stuck@example.net")
	runner, _ := run(t, o.store, sendTo(t, server), out)
	eventually(t, "a mail is stuck", func() bool { return server.Stalled() == 1 })
	const others = 8
	for i := range others {
		o.write(fmt.Sprintf("new-%d@example.net", i))
	}
	runner.Wake(store.MailJob)
	eventually(t, "all others are sent", func() bool { return len(server.Taken()) == others && o.count("TRUE") == 1 })
	if server.Stalled() != 1 || out.String() != "" {
		t.Errorf("%d mails are stuck, and the log says\n%s", server.Stalled(), out.String())
	}
}

// A runner stops at once even if a server stalls, and leaves the mail to another runner.
func TestRunnerStopsWhileAServerStalls(t *testing.T) {
	t.Parallel()
	o, server, out := openOutbox(t), mustStart(t), &log{}
	server.Stall()
	o.write("new@example.net")
	_, stop := run(t, o.store, sendTo(t, server), out)
	eventually(t, "the server has the mail and does not answer", func() bool { return server.Stalled() == 1 })
	began := time.Now()
	stop()
	if took := time.Since(began); took > patience || o.count("attempts = 1") != 1 || out.String() != "" {
		t.Errorf("after %v %d mails are left, and it says %s", took, o.count("TRUE"), out.String())
	}
	server.GoOn()
	run(t, o.store, sendTo(t, server), out)
	eventually(t, "the mail is sent", func() bool { return len(server.Taken()) == 1 })
}

// A job that is done while the runner stops is not done again.
func TestRunnerFinishesWhileItStops(t *testing.T) {
	t.Parallel()
	o, out := openOutbox(t), &log{}
	o.add("mail", `{}`, 1)
	begun := make(chan struct{})
	_, stop := run(t, o.store, func(ctx context.Context, _ store.Job) error {
		close(begun)
		<-ctx.Done()
		return nil
	}, out)
	<-begun
	stop()
	if left := o.count("TRUE"); left != 0 || out.String() != "" {
		t.Errorf("%d jobs are left, and the log says %s", left, out.String())
	}
}

// Mails that are too old are not sent, and given up.
func TestRunnerGivesUp(t *testing.T) {
	t.Parallel()
	o, server := openOutbox(t), mustStart(t)
	o.write("old@example.net")
	o.execute(`UPDATE jobs SET made_at = made_at - 86400001, next_at = next_at - 86400001`)
	o.write("new@example.net")
	run(t, o.store, sendTo(t, server), &log{})
	eventually(t, "the newer is sent", func() bool { return len(server.Taken()) == 1 })
	for _, want := range []int64{1, 0} {
		if expired, err := o.store.Expire(t.Context()); err != nil || expired["jobs"] != want {
			t.Errorf("%d mails are given up, of %d: %v", expired["jobs"], want, err)
		}
	}
	eventually(t, "none is left", func() bool { return o.count("TRUE") == 0 })
	if taken := server.Taken(); taken[0].To != "new@example.net" {
		t.Errorf("the server took %+v", taken)
	}
}

// Of many jobs a runner does each once, several at a time but no more than the policy says. It
// leaves jobs of kinds that it does not handle.
func TestRunnerDoesEachJobOnce(t *testing.T) {
	t.Parallel()
	o, out := openOutbox(t), &log{}
	const all = 1000
	o.add("unheard of", `{}`, 1)
	o.add("mail", `{}`, all)
	policy := store.MailJob.Policy()
	var mu sync.Mutex
	done, now, most := map[int64]int{}, 0, 0
	together := make(chan struct{}) // closed when the policy's number of jobs is being done
	runner, stop := run(t, o.store, func(ctx context.Context, job store.Job) error {
		mu.Lock()
		done[job.ID]++
		now++
		if most = max(most, now); len(done) == policy.Concurrency {
			close(together)
		}
		mu.Unlock()
		if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > policy.Timeout {
			t.Errorf("job %d has until %v", job.ID, deadline)
		}
		<-together
		mu.Lock()
		defer mu.Unlock()
		now--
		return nil
	}, out)
	runner.Wake("unheard of")
	eventually(t, "all are done", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(done) == all && now == 0
	})
	stop()
	for job, times := range done {
		if times != 1 {
			t.Errorf("job %d is done %d times", job, times)
		}
	}
	if left := o.count("TRUE"); left != 1 || o.count("kind = 'unheard of' AND attempts = 0") != 1 || most != policy.Concurrency || out.String() != "" {
		t.Errorf("%d jobs are left, %d were done at once, and the log says\n%s", left, most, out.String())
	}
}

// Of many mails, several servers send each once.
func TestServersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	o, server := openOutbox(t), mustStart(t)
	const mails = 40
	for i := range mails {
		o.write(fmt.Sprintf("new-%d@example.net", i))
	}
	for range 3 {
		run(t, storetest.MustOpenAt(t, o.address), sendTo(t, server), &log{})
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
