package shrink

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"plaza/views/picture"
)

// The limits of a process. The largest pictures take 2 seconds and 400 MB.
const (
	maxSeconds = 10
	maxMemory  = 512 << 20 // beside what an idle process has
)

// served tells that Main was called. A program that starts itself without it would begin its usual work.
var served bool

// Main makes a picture and exits, if the program was started for that. Otherwise it returns at once. Each
// program that calls Picture calls Main before anything else.
func Main() {
	served = true
	if len(os.Args) < 2 || os.Args[1] != command {
		return
	}
	if err := serve(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve limits the process, reads an upload and writes the answer.
func serve(arguments []string) error {
	if err := limitProcess(maxSeconds, maxMemory); err != nil {
		return err
	}
	crop, err := parseCrop(arguments)
	if err != nil {
		return err
	}
	upload, err := io.ReadAll(io.LimitReader(os.Stdin, picture.MaxUpload+1))
	if err != nil {
		return err
	}
	large, small, err := shrink(upload, crop)
	made := answer{Large: large, Small: small}
	if err != nil && !errors.As(err, &made.Refusal) {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(made)
}

// shrink takes a panic of a decoder for a damaged picture.
func shrink(upload []byte, crop *picture.Crop) (large, small []byte, err error) {
	defer func() {
		if recover() != nil {
			err = picture.Damaged
		}
	}()
	return picture.Shrink(upload, crop)
}

func parseCrop(arguments []string) (*picture.Crop, error) {
	switch len(arguments) {
	case 0:
		return nil, nil //nolint:nilnil // the middle
	case 3:
		return picture.ParseCrop(arguments[0], arguments[1], arguments[2])
	}
	return nil, errors.New("a crop has three numbers")
}

// limitProcess lets the kernel end this process when it takes too much. It also makes it the first to end if
// the machine runs out of memory. The memory comes on top of what the process has already.
func limitProcess(seconds, memory uint64) error {
	const mostLikely = "1000"
	// A container may forbid this. The limits below do not depend on it.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte(mostLikely), 0)
	data, err := dataSize()
	if err != nil {
		return err
	}
	limits := map[int]uint64{syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_DATA: data + memory}
	for resource, most := range limits {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

// dataSize returns how much of the memory that RLIMIT_DATA counts the process has: the race detector takes
// a lot at its start.
func dataSize() (uint64, error) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var total, resident, shared, text, library, data uint64
	_, err = fmt.Sscan(string(statm), &total, &resident, &shared, &text, &library, &data)
	return data * uint64(os.Getpagesize()), err //nolint:gosec // positive
}
