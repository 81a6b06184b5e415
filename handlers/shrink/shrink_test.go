package shrink_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"plaza/handlers/shrink"
	"plaza/views/picture"
	"plaza/views/picture/picturetest"
)

// The test binary takes too much when it is started with one of these commands.
const (
	spendTime   = "spend-time"
	spendMemory = "spend-memory"
)

// unlimited is the exit status of a process that cannot limit itself. A limit ends it with another one.
const unlimited = 3

func TestMain(m *testing.M) {
	shrink.Main()
	if len(os.Args) == 2 && (os.Args[1] == spendTime || os.Args[1] == spendMemory) {
		spend(os.Args[1] == spendMemory)
	}
	os.Exit(m.Run())
}

// spend takes memory or time until a limit ends the process.
func spend(memory bool) {
	const seconds, bytes = 1, 64 << 20
	if err := shrink.LimitProcess(seconds, bytes); err != nil {
		os.Exit(unlimited)
	}
	var kept [][]byte
	for begun := time.Now(); time.Since(begun) < time.Minute; {
		if memory {
			kept = append(kept, make([]byte, 1<<20))
		}
	}
	runtime.KeepAlive(kept)
	os.Exit(0)
}

func TestPictureIsMadeInAProcess(t *testing.T) {
	t.Parallel()
	upload := picturetest.MustRedAndBlue(t, 90, 40)
	for name, test := range map[string]struct {
		crop *picture.Crop
		blue bool
	}{
		"left": {&picture.Crop{Size: 30}, false}, "right": {&picture.Crop{X: 60, Y: 5, Size: 30}, true},
	} {
		large, small, err := shrink.Picture(t.Context(), upload, test.crop)
		if err != nil {
			t.Fatal(err)
		}
		for _, made := range [][]byte{large, small} {
			decoded, err := jpeg.Decode(bytes.NewReader(made))
			if err != nil {
				t.Fatal(err)
			}
			middle := decoded.Bounds().Dx() / 2
			if r, _, b, _ := decoded.At(middle, middle).RGBA(); (b > r) != test.blue {
				t.Errorf("%s: the picture has %d red and %d blue", name, r>>8, b>>8)
			}
		}
	}
	if _, _, err := shrink.Picture(t.Context(), upload, nil); err != nil {
		t.Errorf("without a crop: %v", err)
	}
}

// What the process refuses comes back as the same Refusal.
func TestRefusals(t *testing.T) {
	t.Parallel()
	fine := picturetest.MustRedAndBlue(t, 90, 40)
	for _, test := range []struct {
		upload []byte
		crop   *picture.Crop
		why    picture.Refusal
	}{
		{[]byte("<html>"), nil, picture.UnknownFormat},
		{fine[:len(fine)-20], nil, picture.Damaged},
		{fine, &picture.Crop{X: 80, Size: 30}, picture.CropOutside},
		{fine, &picture.Crop{X: -1, Size: 30}, picture.CropOutside},
	} {
		var why picture.Refusal
		if _, _, err := shrink.Picture(t.Context(), test.upload, test.crop); !errors.As(err, &why) || why != test.why {
			t.Errorf("got the error %v, want %q", err, test.why)
		}
	}
}

// A person who goes away leaves no process behind.
func TestPictureEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := shrink.Picture(ctx, picturetest.MustRedAndBlue(t, 90, 40), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v", err)
	}
}

func TestLimitsEndTheProcess(t *testing.T) {
	t.Parallel()
	for _, command := range []string{spendTime, spendMemory} {
		process := exec.CommandContext(t.Context(), "/proc/self/exe", command)
		var ended *exec.ExitError
		if err := process.Run(); !errors.As(err, &ended) || ended.ExitCode() == unlimited {
			t.Errorf("%s: the process ended with %v", command, err)
		}
	}
}

// BenchmarkPicture measures what a process costs: a small picture takes hardly any time itself.
func BenchmarkPicture(b *testing.B) {
	upload := picturetest.MustRedAndBlue(b, 90, 40)
	for b.Loop() {
		if _, _, err := shrink.Picture(b.Context(), upload, nil); err != nil {
			b.Fatal(err)
		}
	}
}
