package limit

import "sync"

// Parallel bounds how many things run at once for each key. A nil Parallel does not.
type Parallel struct {
	most    int
	mu      sync.Mutex
	running map[string]int
}

// NewParallel returns a Parallel that lets most things run at once for each key.
func NewParallel(most int) *Parallel { return &Parallel{most: most, running: map[string]int{}} }

// Begin tells whether one more may run for a key. If so, the caller must call end when it is done.
func (p *Parallel) Begin(key string) (end func(), ok bool) {
	if p == nil {
		return func() {}, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running[key] >= p.most {
		return nil, false
	}
	p.running[key]++
	return func() { p.end(key) }, true
}

func (p *Parallel) end(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running[key]--; p.running[key] == 0 {
		delete(p.running, key)
	}
}
