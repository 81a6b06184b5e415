package store

import "time"

// JobKind is what a job is for. The database stores it, so its text must never change.
type JobKind string

// MailJob is the kind of jobs that send a Mail, which is the payload.
const MailJob JobKind = "mail"

// ResetJob is the kind of jobs that send a link to somebody who has forgotten a password. The payload is a
// ResetRequest.
const ResetJob JobKind = "reset"

// JobPolicy says how often and how long jobs of a kind are tried.
type JobPolicy struct {
	Lifetime    time.Duration // how long after its creation a job may be tried
	Timeout     time.Duration // the time limit of one attempt
	FirstWait   time.Duration // the wait between the first failure and the second attempt
	Growth      int           // the factor by which each further wait is longer
	MaxAttempts int
	Concurrency int // the number of jobs that one server runs at once
}

var jobPolicies = map[JobKind]JobPolicy{
	// Waits of 1, 2, 4, … minutes: the eleventh attempt is 17 hours after the first.
	MailJob: {
		Lifetime: 24 * time.Hour, Timeout: 30 * time.Second, FirstWait: time.Minute, Growth: 2,
		MaxAttempts: 11, Concurrency: 4,
	},
	// Somebody waits for the mail, and asks again if it does not come.
	ResetJob: {
		Lifetime: 10 * time.Minute, Timeout: 10 * time.Second, FirstWait: 5 * time.Second, Growth: 2,
		MaxAttempts: 6, Concurrency: 1,
	},
}

// Policy returns the policy of a kind.
func (k JobKind) Policy() JobPolicy { return jobPolicies[k] }

// lease is how long a claimed job belongs to its worker. It is longer than an attempt. Otherwise
// two workers could do the same job.
func (p JobPolicy) lease() time.Duration { return 2 * p.Timeout }

// wait returns how long a job waits after so many failed attempts. It is at most the lifetime.
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
