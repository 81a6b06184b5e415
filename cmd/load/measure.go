package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	authors  = 8                // posting at the same time
	patience = 30 * time.Second // how long to wait for a message to reach all readers
)

// targets returns both targets, plaza first.
func targets(s *site, b *bareProgram) []target { return []target{s, b} }

// compare returns a line with the figures of both targets.
func compare(what, format string, of [2]float64) figure {
	return figure{what, fmt.Sprintf(format, of[0]), fmt.Sprintf(format, of[1]), of[0] / of[1]}
}

// measureMemory connects readers to a chat in which nobody posts.
func measureMemory(ctx context.Context, o options, s *site, b *bareProgram) ([]figure, error) {
	var each [2]float64
	for i, t := range targets(s, b) {
		before, err := resident(t.pid())
		if err != nil {
			return nil, err
		}
		c, err := gather(o.readers, t.read, func(int, []byte) {})
		if err != nil {
			return nil, err
		}
		if err := pause(ctx, o.window); err != nil {
			return nil, err
		}
		after, err := resident(t.pid())
		c.leave()
		if err != nil {
			return nil, err
		}
		each[i] = float64(after-before) / float64(o.readers)
	}
	return []figure{compare("memory of an idle connection, kB", "%.1f", each)}, nil
}

// measureTalk makes authors post as fast as readers get their messages.
func measureTalk(ctx context.Context, o options, s *site, b *bareProgram) ([]figure, error) {
	var figures []figure
	for _, readers := range []int{o.readers / 10, o.readers} {
		var speed, work [2]float64
		for i, t := range targets(s, b) {
			heard, err := talkTo(ctx, t, readers, o.window, func() ([]time.Duration, error) {
				used, err := processor(t.pid())
				return []time.Duration{used}, err
			})
			if err != nil {
				return nil, fmt.Errorf("%T: %w", t, err)
			}
			speed[i] = heard.deliveries / o.window.Seconds()
			work[i] = heard.used[0].Seconds() * 1e6 / heard.deliveries
		}
		figures = append(figures,
			compare(fmt.Sprintf("deliveries a second, %d readers", readers), "%.0f", speed),
			compare(fmt.Sprintf("processor time of a delivery, %d readers, µs", readers), "%.1f", work))
	}
	return figures, nil
}

// heard is the result of a talk.
type heard struct {
	posts, deliveries float64
	used              []time.Duration // processor time, with the parts of the meter
}

// talkTo gathers readers, and makes authors post to them for a window. Each author posts its next
// message once all readers have the last. The meter returns the processor time used so far, in parts.
func talkTo(
	ctx context.Context, t target, readers int, window time.Duration, meter func() ([]time.Duration, error),
) (heard, error) {
	talk := newTalk(readers)
	c, err := gather(readers, t.read, talk.heard)
	if err != nil {
		return heard{}, err
	}
	defer c.leave()
	before, err := meter()
	if err != nil {
		return heard{}, err
	}
	ends := time.Now().Add(window)
	errs := make([]error, authors)
	var posting sync.WaitGroup
	for i := range authors {
		posting.Go(func() {
			post, closer, err := t.author(i)
			for errs[i] = err; errs[i] == nil && time.Now().Before(ends); {
				errs[i] = sayAndWait(ctx, talk, post)
			}
			if err == nil {
				_ = closer.Close()
			}
		})
	}
	posting.Wait()
	used, err := meter()
	if err := errors.Join(append(errs, err)...); err != nil {
		return heard{}, err
	}
	for i := range used {
		used[i] -= before[i]
	}
	return heard{float64(talk.posted.Load()), float64(talk.delivered.Load()), used}, nil
}

func sayAndWait(ctx context.Context, t *talk, post func(string) error) error {
	body, message, err := t.say(time.Now())
	if err != nil {
		return err
	}
	if err := post(body); err != nil {
		return err
	}
	select {
	case <-message.done:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%d readers lack %q", message.left.Load(), body[:12])
	case <-ctx.Done():
		return ctx.Err()
	}
}

// measureLatency posts at a fixed rate, and counts delays from when a message was due.
func measureLatency(ctx context.Context, o options, s *site, b *bareProgram) ([]figure, error) {
	var half, most [2]float64
	for i, t := range targets(s, b) {
		talk := newTalk(o.readers)
		c, err := gather(o.readers, t.read, talk.heard)
		if err != nil {
			return nil, err
		}
		err = postAtRate(ctx, t, talk, o)
		c.leave()
		if err != nil {
			return nil, err
		}
		half[i], most[i] = milliseconds(talk.delay(0.5)), milliseconds(talk.delay(0.99))
	}
	what := fmt.Sprintf("delay to each of %d readers, %d messages a second", o.readers, o.rate)
	return []figure{compare(what+", median, ms", "%.1f", half), compare(what+", 99th percentile, ms", "%.1f", most)}, nil
}

// postAtRate posts for a window, and returns once all readers have all messages.
func postAtRate(ctx context.Context, t target, talk *talk, o options) error {
	post, closer, err := t.author(0)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()
	var messages []*said
	for due := time.Now(); len(messages) < int(o.window.Seconds())*o.rate; due = due.Add(o.gap()) {
		if err := pause(ctx, time.Until(due)); err != nil {
			return err
		}
		body, message, err := talk.say(due)
		if err != nil {
			return err
		}
		messages = append(messages, message)
		if err := post(body); err != nil {
			return err
		}
	}
	for _, message := range messages {
		select {
		case <-message.done:
		case <-time.After(patience):
			return fmt.Errorf("%d readers lack a message", message.left.Load())
		}
	}
	return nil
}

// measurePages gets the chat page over and over: first while nobody posts, then beside posts.
func measurePages(ctx context.Context, o options, s *site, _ *bareProgram) ([]figure, error) {
	quiet, err := pages(s, o.window)
	if err != nil {
		return nil, err
	}
	posting := make(chan error, 1)
	unread := newTalk(0)
	go func() { posting <- postUnread(ctx, s, unread, o) }()
	busy, err := pages(s, o.window)
	if err := errors.Join(err, <-posting); err != nil {
		return nil, err
	}
	perSecond := float64(len(quiet)) / o.window.Seconds()
	calm, loaded := quantile(quiet, 0.99), quantile(busy, 0.99)
	return []figure{
		{what: "chat pages a second", plaza: fmt.Sprintf("%.0f", perSecond)},
		{what: "a chat page, 99th percentile, ms", plaza: fmt.Sprintf("%.1f", milliseconds(calm))},
		{
			what:  fmt.Sprintf("the same beside %d messages a second", o.rate),
			plaza: fmt.Sprintf("%.1f", milliseconds(loaded)), ratio: float64(loaded) / float64(calm),
		},
	}, nil
}

// postUnread posts at a fixed rate, for a window. It does not wait for readers.
func postUnread(ctx context.Context, s *site, t *talk, o options) error {
	post, closer, err := s.author(0)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()
	for ends := time.Now().Add(o.window); time.Now().Before(ends); {
		body, _, err := t.say(time.Now())
		if err != nil {
			return err
		}
		if err := errors.Join(post(body), pause(ctx, o.gap())); err != nil {
			return err
		}
	}
	return nil
}

// pages gets the chat page over several connections for a window, and returns how long each page took.
func pages(s *site, window time.Duration) ([]time.Duration, error) {
	const browsers = 16
	request := fmt.Sprintf("GET / HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Encoding: gzip\r\n\r\n",
		s.address, s.cookies[0])
	var mu sync.Mutex
	var all []time.Duration
	var errs []error
	var getting sync.WaitGroup
	ends := time.Now().Add(window)
	for range browsers {
		getting.Go(func() {
			c, err := s.dial()
			var took []time.Duration
			for err == nil && time.Now().Before(ends) {
				began := time.Now()
				err = c.ask(request, http.StatusOK)
				took = append(took, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			all, errs = append(all, took...), append(errs, err)
		})
	}
	getting.Wait()
	err := errors.Join(errs...)
	return all, err
}

// measureReturn makes all readers reconnect at once, with cursors up to 200 messages old.
func measureReturn(ctx context.Context, o options, s *site, _ *bareProgram) ([]figure, error) {
	const kept = 200 // changes that plaza replays
	newest := s.version.Load()
	var behind atomic.Int64
	behind.Store(int64(o.readers))
	caughtUp := make(chan struct{})
	arrived := []byte(fmt.Sprintf("version:%d", newest))
	began := time.Now()
	c, err := gather(o.readers, func(i int) (*bufio.Reader, net.Conn, error) {
		return s.readAfter(i, max(0, newest-1-int64(i%(kept-1))))
	}, func(_ int, payload []byte) {
		if bytes.Contains(payload, arrived) && behind.Add(-1) == 0 {
			close(caughtUp)
		}
	})
	if err != nil {
		return nil, err
	}
	defer c.leave()
	select {
	case <-caughtUp:
	case <-time.After(patience):
		return nil, fmt.Errorf("%d readers did not catch up", behind.Load())
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	what := fmt.Sprintf("time until %d readers are back, each up to %d messages behind, s", o.readers, kept)
	return []figure{{what: what, plaza: fmt.Sprintf("%.2f", time.Since(began).Seconds())}}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// resident returns the memory of a process in kB: see proc_pid_status(5).
func resident(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, size, _ := strings.Cut(string(status), "VmRSS:")
	var kB int
	_, err = fmt.Sscan(size, &kB)
	return kB, err
}

// processor returns the processor time of a process with all its threads: see proc_pid_stat(5).
func processor(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The program's name comes first, in brackets, and may contain spaces.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const user, tick = 11, time.Second / 100
	var inUser, inKernel int
	_, err = fmt.Sscan(fields[user]+" "+fields[user+1], &inUser, &inKernel)
	return time.Duration(inUser+inKernel) * tick, err
}
