package store

import "time"

// JobKind is what a job is for. The database keeps it, so its text never changes.
type JobKind string

// MailJob is a job that sends its payload, a Mail.
const MailJob JobKind = "mail"

// JobPolicy says how jobs of a kind are tried, and for how long.
type JobPolicy struct {
	Lifetime    time.Duration // how long after it was made a job may be tried
	Timeout     time.Duration // how long one attempt may take
	FirstWait   time.Duration // from the first failure to the second attempt
	Growth      int           // how many times longer the wait is after each further failure
	MaxAttempts int
	Concurrency int // how many jobs one server does at once
}

var jobPolicies = map[JobKind]JobPolicy{
	// Waits of 1, 2, 4, … minutes: the eleventh attempt is 17 hours after the first.
	MailJob: {Lifetime: 24 * time.Hour, Timeout: 30 * time.Second, FirstWait: time.Minute, Growth: 2, MaxAttempts: 11, Concurrency: 4},
}

// Policy returns the policy of a kind.
func (k JobKind) Policy() JobPolicy { return jobPolicies[k] }

// lease is how long a worker has a job to itself. It is longer than an attempt takes, or two
// workers would do the same job.
func (p JobPolicy) lease() time.Duration { return 2 * p.Timeout }

// wait is how long a job waits after its attempts have failed; the lifetime at most.
func (p JobPolicy) wait(attempts int) time.Duration {
	wait := p.FirstWait
	for range attempts - 1 {
		if wait >= p.Lifetime {
			return p.Lifetime
		}
		wait *= time.Duration(p.Growth)
	}
	return wait
}
