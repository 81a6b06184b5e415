package browser

import (
	_ "embed"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plaza/store/storetest/proof"
)

// axe is axe-core. It finds the violations of WCAG that automatic tests can find.
//
//go:embed testdata/axe/axe.min.js
var axe string

// allRules makes axe check all rules. sizeRules makes it check only rules that depend on the size of the
// window and on where the page is scrolled.
const (
	allRules  = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`
	sizeRules = `{ type: 'rule', values: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] }`
)

// violations lists the page's violations of rules. Messages may skip levels of headings; the site may
// not.
func (b *tab) violations(rules string) []string {
	b.t.Helper()
	if !b.is(`window.axe`) {
		b.run(chromedp.Evaluate(axe+"; null", nil))
	}
	var found []string
	b.run(chromedp.Evaluate(`axe.run(document, { resultTypes: ['violations'], runOnly: `+rules+` })
		.then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes
			.filter(({ target }) => id !== 'heading-order' || !document.querySelector(target[0])?.closest('.body'))
			.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' — ' + failureSummary)))`,
		&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return found
}

// isAccessible checks that axe finds nothing wrong with the page.
func isAccessible(b *tab, _ string, l look) {
	b.t.Helper()
	b.finds(l, allRules)
}

// isAccessibleAtThisSize checks the rules that a smaller window may break. The page must be accessible in
// a larger one. With PLAZA_PROOF, it checks all rules.
func isAccessibleAtThisSize(b *tab, _ string, l look) {
	b.t.Helper()
	if proof.Enabled() {
		b.finds(l, allRules)
	} else {
		b.finds(l, sizeRules)
	}
}

// finds reports the page's violations of rules.
func (b *tab) finds(l look, rules string) {
	b.t.Helper()
	for _, violation := range b.violations(rules) {
		b.t.Errorf("%v: %s", l, violation)
	}
}
