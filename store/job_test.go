package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// jobSite is a store whose jobs a test can read.
type jobSite struct {
	t       *testing.T
	address string
	*store.Store
}

func openJobSite(t *testing.T) *jobSite {
	t.Helper()
	address := storetest.MustAddress(t)
	return &jobSite{t, address, storetest.MustOpenAt(t, address)}
}

// add adds a job for each payload.
func (s *jobSite) add(kind store.JobKind, payloads ...any) {
	s.t.Helper()
	for _, payload := range payloads {
		if err := s.AddJob(s.t.Context(), kind, 0, payload); err != nil {
			s.t.Fatal(err)
		}
	}
}

// claim claims a job that must be due.
func (s *jobSite) claim(kind store.JobKind) store.Job {
	s.t.Helper()
	job, ok, err := s.ClaimJob(s.t.Context(), kind)
	if err != nil || !ok {
		s.t.Fatalf("no %s is due: %v", kind, err)
	}
	return job
}

// isIdle checks that no job of a kind is due.
func (s *jobSite) isIdle(kind store.JobKind) {
	s.t.Helper()
	if job, ok, err := s.ClaimJob(s.t.Context(), kind); err != nil || ok {
		s.t.Errorf("%+v is due, %v", job, err)
	}
}

func (s *jobSite) count(condition string) (n int) {
	s.t.Helper()
	query(s.t, s.address, `SELECT count(*) FROM jobs WHERE `+condition, &n)
	return n
}

// waitsFor checks that the only job is due a while after a moment between began and the present.
func (s *jobSite) waitsFor(began time.Time, while time.Duration) {
	s.t.Helper()
	var next int64
	query(s.t, s.address, `SELECT next_at FROM jobs`, &next)
	earliest, latest := began.Add(while).UnixMilli(), time.Now().Add(while).UnixMilli()
	if next < earliest || next > latest {
		s.t.Errorf("it is due at %d; expected between %d and %d", next, earliest, latest)
	}
}

// retry fails an attempt at a job, and returns whether it will be tried again.
func (s *jobSite) retry(job store.Job) bool {
	s.t.Helper()
	again, err := s.RetryJob(s.t.Context(), job)
	if err != nil {
		s.t.Fatal(err)
	}
	return again
}

// makeDue makes all jobs due at once.
func (s *jobSite) makeDue() {
	s.t.Helper()
	execute(s.t, s.address, `UPDATE jobs SET next_at = made_at`)
}

// Jobs are claimed by kind, those due longest first, with the payload as it was added.
func TestJobsAreClaimedInOrder(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.isIdle(store.OtherJob)
	s.add(store.OtherJob, "a", "b", map[string]any{"<c>": 1})
	s.add(store.MailJob, store.Mail{To: "ada@example.org", Subject: "Grüße \x00", Body: "再见\n"})
	execute(t, s.address, `UPDATE jobs SET next_at = next_at - 1000 WHERE payload = '"b"'`)
	began := time.Now()
	var claimed []string
	for range 3 {
		job := s.claim(store.OtherJob)
		if job.Kind != store.OtherJob || job.Attempts != 1 || began.Sub(job.MadeAt).Abs() > time.Minute {
			t.Errorf("it is %+v", job)
		}
		claimed = append(claimed, job.Payload)
	}
	if want := []string{`"b"`, `"a"`, `{"\u003cc\u003e":1}`}; !slices.Equal(claimed, want) {
		t.Errorf("claimed were %q; expected %q", claimed, want)
	}
	s.isIdle(store.OtherJob)
	// Servers of other versions read the payload.
	if mail := s.claim(store.MailJob); mail.Payload != `{"to":"ada@example.org","subject":"Grüße \u0000","body":"再见\n"}` {
		t.Errorf("a mail is %s", mail.Payload)
	}
	s.isIdle(store.MailJob)
}

// If a worker dies, its job is due again after the lease. After that, the worker's answers change
// nothing, except that a job is done.
func TestJobOfADeadWorkerComesBack(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.add(store.OtherJob, "work")
	began := time.Now()
	dead := s.claim(store.OtherJob)
	s.waitsFor(began, 20*time.Minute)
	s.isIdle(store.OtherJob)
	s.makeDue()
	began = time.Now()
	job := s.claim(store.OtherJob)
	if job.ID != dead.ID || job.Attempts != 2 || job.Payload != dead.Payload || !job.MadeAt.Equal(dead.MadeAt) {
		t.Errorf("it comes back as %+v, and was %+v", job, dead)
	}
	if again := s.retry(dead); !again {
		t.Error("it is given up")
	}
	for name, say := range map[string]func(context.Context, store.Job) error{
		"releases": s.ReleaseJob,
		"gives up": s.GiveUpJob,
	} {
		if err := say(t.Context(), dead); err != nil {
			t.Errorf("the dead worker %s: %v", name, err)
		}
	}
	s.waitsFor(began, 20*time.Minute)
	s.isIdle(store.OtherJob)
	if err := s.FinishJob(t.Context(), dead); err != nil {
		t.Error(err)
	}
	if left := s.count("TRUE"); left != 0 {
		t.Errorf("%d jobs are left", left)
	}
	if again := s.retry(job); !again || s.count("TRUE") != 0 {
		t.Error("a job that is done came back")
	}
}

func TestJobIsReleased(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.add(store.OtherJob, "work")
	if err := s.ReleaseJob(t.Context(), s.claim(store.OtherJob)); err != nil {
		t.Fatal(err)
	}
	if job := s.claim(store.OtherJob); job.Attempts != 2 {
		t.Errorf("it is %+v", job)
	}
}

// Each kind has its own waits and maximum number of attempts.
func TestJobsAreTriedAgainByKind(t *testing.T) {
	t.Parallel()
	for kind, waits := range map[store.JobKind][]time.Duration{
		store.OtherJob: {3 * time.Minute, 15 * time.Minute, 75 * time.Minute},
		store.MailJob: {
			time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, 64 * time.Minute,
			128 * time.Minute, 256 * time.Minute, 512 * time.Minute,
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := openJobSite(t)
			s.add(kind, "work")
			for i, wait := range waits {
				began := time.Now()
				if job := s.claim(kind); job.Attempts != i+1 || !s.retry(job) {
					t.Fatalf("given up is %+v", job)
				}
				s.waitsFor(began, wait)
				s.isIdle(kind)
				s.makeDue()
			}
			if s.retry(s.claim(kind)) || s.count("TRUE") != 0 {
				t.Error("after the last attempt it is kept")
			}
		})
	}
}

// A job is removed if its lifetime ends before its next attempt.
func TestJobIsGivenUpBeforeItsTimeIsOver(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	for _, age := range []time.Duration{10*time.Hour - 10*time.Minute, 9 * time.Hour} {
		s.add(store.OtherJob, "work")
		execute(t, s.address, `UPDATE jobs SET attempts = 1, made_at = made_at - $1`, age.Milliseconds())
		again := s.retry(s.claim(store.OtherJob))
		if want := age == 9*time.Hour; again != want || s.count("TRUE") == 1 != want {
			t.Errorf("%v old, it is tried again: %v, and %d are left", age, again, s.count("TRUE"))
		}
	}
}

// Jobs expire by kind. A job after its last attempt is not claimed until then.
func TestJobsExpireByKind(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.add(store.OtherJob, "old", "older", "new", "last")
	s.add(store.MailJob, store.Mail{To: "ada@example.org"})
	execute(t, s.address, `UPDATE jobs SET made_at = made_at - 36000001, next_at = next_at - 36000001
		WHERE payload <> '"new"' AND payload <> '"last"'`)
	execute(t, s.address, `UPDATE jobs SET attempts = 4 WHERE payload = '"last"'`)
	if job := s.claim(store.OtherJob); job.Payload != `"new"` {
		t.Errorf("claimed is %+v", job)
	}
	s.isIdle(store.OtherJob)
	expire := func(want int64) {
		t.Helper()
		if expired, err := s.Expire(t.Context()); err != nil || expired["jobs"] != want {
			t.Errorf("expired are %v, of %d jobs: %v", expired, want, err)
		}
	}
	expire(2)
	expire(0)
	s.claim(store.MailJob)
	execute(t, s.address, `UPDATE jobs SET made_at = 1`)
	expire(3)
}

// The jobs about an account are deleted with it, even a claimed one.
func TestJobsEndWithTheirAccount(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	storetest.MustUser(t, s.Store, "ada")
	bob := storetest.MustUser(t, s.Store, "bob")
	for _, userID := range []int64{bob.ID, bob.ID, 0, bob.ID + 1} {
		if err := s.AddJob(t.Context(), store.OtherJob, userID, "work"); err != nil {
			t.Fatal(err)
		}
	}
	job := s.claim(store.OtherJob)
	if _, err := s.DeleteAccount(t.Context(), bob, true); err != nil {
		t.Fatal(err)
	}
	if !s.retry(job) || s.count("TRUE") != 2 || s.count(fmt.Sprint("user_id = ", bob.ID)) != 0 {
		t.Errorf("%d jobs are left", s.count("TRUE"))
	}
}

// Workers of two stores on one database claim each job once.
func TestJobsAreClaimedOnce(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	s := &jobSite{t, address, both[0]}
	const jobs = 200
	at := time.Now().Add(-time.Second).UnixMilli()
	execute(t, address, `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
		INSERT INTO jobs (kind, payload, next_at, made_at) SELECT 'other', '{}', $2, $2 FROM numbers`, jobs, at)
	var mu sync.Mutex
	claimed := map[int64]int{}
	var workers sync.WaitGroup
	for i := range 8 {
		own := both[i%2]
		workers.Go(func() {
			for {
				job, ok, err := own.ClaimJob(t.Context(), store.OtherJob)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				mu.Lock()
				claimed[job.ID]++
				mu.Unlock()
				if job.ID%2 == 0 { // the other jobs stay claimed
					if err := own.FinishJob(t.Context(), job); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	workers.Wait()
	for job, times := range claimed {
		if times != 1 {
			t.Errorf("job %d is claimed %d times", job, times)
		}
	}
	if len(claimed) != jobs || s.count("attempts = 1") != jobs/2 || s.count("TRUE") != jobs/2 {
		t.Errorf("%d jobs are claimed, and %d left", len(claimed), s.count("TRUE"))
	}
}

// A worker waits neither for a job that another transaction has locked, nor for the site's lock.
func TestServersClaimPastLocks(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.add(store.OtherJob, "first", "second")
	other, err := storetest.Beside(t, s.address).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Rollback() }()
	for _, statement := range []string{
		`UPDATE metadata SET value = value`,
		`SELECT * FROM jobs WHERE payload = '"first"' FOR UPDATE`,
	} {
		if _, err := other.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if job := s.claim(store.OtherJob); job.Payload != `"second"` {
		t.Errorf("claimed is %+v", job)
	}
	s.isIdle(store.OtherJob)
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if job := s.claim(store.OtherJob); job.Payload != `"first"` {
		t.Errorf("claimed is %+v", job)
	}
}

// A queue without a job that is due is looked at without writing.
func TestJobsAreLookedForWithoutWriting(t *testing.T) {
	t.Parallel()
	s := openJobSite(t)
	s.add(store.OtherJob, "work")
	s.claim(store.OtherJob)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	// A transaction that writes would wait for this one, or fail.
	beside, err := storetest.Beside(t, s.address).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = beside.Rollback() }()
	lock := `UPDATE jobs SET attempts = attempts`
	if store.IsPostgres(s.address) {
		lock = `LOCK TABLE jobs IN EXCLUSIVE MODE`
	}
	if _, err := beside.ExecContext(ctx, lock); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []store.JobKind{store.OtherJob, store.MailJob} {
		s.isIdle(kind)
	}
	if expired, err := s.Expire(ctx); err != nil || expired["jobs"] != 0 {
		t.Errorf("expired are %v, %v", expired, err)
	}
}
