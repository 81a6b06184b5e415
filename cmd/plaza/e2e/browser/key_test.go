package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const typed = "this is how people type"

// opensLongLog opens the chat with as many messages as a page keeps, and starts to write. The window shows
// all of the page: a browser paints nothing outside of it.
func opensLongLog(t testing.TB) *tab {
	t.Helper()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(kept)))
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		window, _, err := browser.GetWindowForTarget().Do(ctx)
		if err != nil {
			return err
		}
		return browser.SetWindowBounds(window, &browser.Bounds{Width: 1400, Height: 1000}).Do(ctx)
	}))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.eventually("the page has many messages", fmt.Sprintf(`(() => {
		const log = document.getElementById('log');
		log.scrollTop = -log.scrollHeight;
		return %s === %d;
	})()`, articles, kept))
	b.run(chromedp.Evaluate(`document.getElementById('log').scrollTop = 0`, nil), chromedp.Focus("#message", chromedp.ByQuery))
	b.typeIn("At first, ")
	b.nextFrame()
	return b
}

// TestKeyLeavesTheLogAlone checks that a key in the composer lays out and styles only the composer.
func TestKeyLeavesTheLogAlone(t *testing.T) {
	t.Parallel()
	b := opensLongLog(t)
	const mostLaidOut, mostStyled = 30, 10 // the textarea and what is around it
	work := b.traceWork(func() {
		for _, character := range typed {
			b.press(stroke{string(character), string(character), 0})
			b.nextFrame()
		}
	})
	if len(work) == 0 {
		t.Fatal("the browser tells of no work")
	}
	for _, one := range work {
		if one.Begin.LaidOut > mostLaidOut || one.Styled > mostStyled {
			t.Errorf("a key lays out %d objects, want at most %d, or styles %d elements, want at most %d", one.Begin.LaidOut, mostLaidOut, one.Styled, mostStyled)
		}
	}
}

// work is what a browser does between a change of a page and its next frame.
type work struct {
	Begin struct {
		Frame   string `json:"frame"`
		LaidOut int    `json:"dirtyObjects"`
	} `json:"beginData"`
	Styled int `json:"elementCount"`
}

// traceWork returns the layouts of the tab, and its changes of style, while something is done.
func (b *tab) traceWork(do func()) []work {
	b.t.Helper()
	var all []work
	ended := make(chan struct{})
	chromedp.ListenTarget(b.ctx, func(event any) {
		switch event := event.(type) {
		case *tracing.EventDataCollected:
			for _, one := range event.Value {
				var entry struct {
					Name string `json:"name"`
					Args work   `json:"args"`
				}
				// The browser traces all tabs.
				if json.Unmarshal(one, &entry) == nil && (entry.Name == "Layout" || entry.Name == "UpdateLayoutTree") &&
					entry.Args.Begin.Frame == string(chromedp.FromContext(b.ctx).Target.TargetID) {
					all = append(all, entry.Args)
				}
			}
		case *tracing.EventTracingComplete:
			close(ended)
		}
	})
	b.run(tracing.Start().WithTransferMode(tracing.TransferModeReportEvents).
		WithTraceConfig(&tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline"}}))
	do()
	b.run(tracing.End())
	select {
	case <-ended:
	case <-b.ctx.Done():
		b.t.Fatal("the trace does not end")
	}
	return all
}

// BenchmarkKey measures the time from a key in the composer to the frame that shows its character, with two
// hundred messages in the log and a processor that is slowed down four times. The browser rounds each time to
// 8 ms.
func BenchmarkKey(b *testing.B) {
	page := opensLongLog(b)
	page.run(emulation.SetCPUThrottlingRate(4), chromedp.Evaluate(`{
		globalThis.took = [];
		new PerformanceObserver((list) => {
			for (const { name, duration } of list.getEntries()) if (name === 'keydown') took.push(duration);
		}).observe({ type: 'event', durationThreshold: 16 });
	}`, nil))
	keys := 0
	for b.Loop() {
		page.press(stroke{"x", "x", 88})
		page.nextFrame()
		keys++
	}
	// The browser tells only of times from 16 ms on.
	b.ReportMetric(page.number(`took.filter((time) => time > 16).length`)/float64(keys), "late/key")
	b.ReportMetric(page.number(`took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? 8`), "ms-median-from-16")
	b.ReportMetric(0, "ns/op") // it would include the driver's time
}
