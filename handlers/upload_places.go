package handlers

import (
	"context"
	"sync"
	"time"

	"plaza/handlers/limit"
	"plaza/handlers/shrink"
	"plaza/store"
	"plaza/views/picture"
)

const (
	// uploadsAtOnce is how many uploads are held in memory.
	uploadsAtOnce = 8
	// uploadsOfOne is how many uploads of one account are held in memory.
	uploadsOfOne = 2
	// uploadWait is how long an upload waits for a place.
	uploadWait = 30 * time.Second
	// shrinkTime is how long the answer may take after an upload got its last place.
	shrinkTime = 40 * time.Second
)

// uploads bounds the memory and processor time that uploads of pictures take.
type uploads struct {
	held      chan struct{} // holds a token for each upload in memory
	shrinking chan struct{} // holds a token while an upload is decoded, which takes far more

	mu   sync.Mutex
	byID map[int64]int // how many uploads of an account are held, or wait for a place
}

func newUploads() *uploads {
	return &uploads{
		held: make(chan struct{}, uploadsAtOnce), shrinking: make(chan struct{}, 1), byID: map[int64]int{},
	}
}

// hold takes a place for an upload of a user. It waits for one, unless the user has too many. The caller must
// call release.
func (u *uploads) hold(ctx context.Context, user int64) (release func(), err error) {
	if !u.count(user) {
		return nil, &limit.TooMany{Wait: uploadWait}
	}
	if err := take(ctx, u.held); err != nil {
		u.discount(user)
		return nil, err
	}
	return func() {
		<-u.held
		u.discount(user)
	}, nil
}

// count counts an upload of a user, unless the user has too many.
func (u *uploads) count(user int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.byID[user] == uploadsOfOne {
		return false
	}
	u.byID[user]++
	return true
}

func (u *uploads) discount(user int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.byID[user]--; u.byID[user] == 0 {
		delete(u.byID, user)
	}
}

// shrink waits for its turn, and makes a profile picture of an upload.
func (u *uploads) shrink(ctx context.Context, upload []byte, crop *picture.Crop) (store.Picture, error) {
	if err := take(ctx, u.shrinking); err != nil {
		return store.Picture{}, err
	}
	defer func() { <-u.shrinking }()
	large, small, err := shrink.Picture(ctx, upload, crop)
	return store.Picture{Large: large, Small: small}, err
}

// take waits for a place and takes it.
func take(ctx context.Context, places chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &store.Error{Kind: store.Unavailable, Code: store.CodeTooManyUploads, Err: ctx.Err()}
	}
}
