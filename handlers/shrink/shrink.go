// Package shrink makes profile pictures in a process of its own, which limits of time and memory end. So a
// decoder that takes too much, or that has a fault, does not take the site with it.
package shrink

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"plaza/views/picture"
)

const (
	// command is the hidden command with which the program starts itself.
	command = "shrink-picture"
	// program is the running program, also after an upgrade has replaced its file.
	program = "/proc/self/exe"
	// longest is how long a process may exist. On a busy machine it gets little processor time.
	longest = 30 * time.Second
	// maxAnswer is more than two pictures take.
	maxAnswer = 4 << 20
)

// answer is what the process writes: two pictures, or a refusal.
type answer struct {
	Large, Small []byte
	Refusal      picture.Refusal
}

// Picture does what picture.Shrink does, in a process of its own. It returns the Refusal TooComplex if the
// process reaches a limit. Processes that run at once share the machine: callers must limit their number.
func Picture(ctx context.Context, upload []byte, crop *picture.Crop) (large, small []byte, err error) {
	if !served {
		return nil, nil, errors.New("shrink a picture: the program does not call shrink.Main")
	}
	limited, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	process := exec.CommandContext(limited, program, append([]string{command}, arguments(crop)...)...) //nolint:gosec // ourselves
	// The site's own environment has passwords.
	process.Env = []string{"GOMAXPROCS=1"}
	process.Stdin = bytes.NewReader(upload)
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := process.Start(); err != nil {
		return nil, nil, fmt.Errorf("shrink a picture: %w", err)
	}
	encoded, err := io.ReadAll(io.LimitReader(output, maxAnswer))
	err = errors.Join(err, process.Wait())
	var made answer
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil: // a limit has ended the process, or a fault that it cannot report
		return nil, nil, picture.TooComplex
	}
	if err := json.Unmarshal(encoded, &made); err != nil {
		return nil, nil, fmt.Errorf("shrink a picture: %w", err)
	}
	if made.Refusal != "" {
		return nil, nil, made.Refusal
	}
	return made.Large, made.Small, nil
}

// arguments returns the arguments of the command for a crop.
func arguments(crop *picture.Crop) []string {
	if crop == nil {
		return nil
	}
	return []string{strconv.Itoa(crop.X), strconv.Itoa(crop.Y), strconv.Itoa(crop.Size)}
}
