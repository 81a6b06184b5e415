package browser

import "slices"

// tooSmall finds targets under 44 px. It leaves out links in sentences, which are as high as their line,
// and checkboxes, whose labels are targets too.
const tooSmall = `[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden], [type=checkbox], [type=radio], [disabled]), :is(.choice, .choose) label, textarea')]
	.filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
	.filter((target) => !target.matches('p a, .body a, .skip:not(:focus), .head a, [tabindex="-1"]'))
	.filter((target) => !target.closest('[popover]:not(:popover-open)') || target.closest('.people-panel')?.checkVisibility())
	.map((target) => [target, target.getBoundingClientRect()])
	.filter(([, { width, height }]) => width < 43.9 || height < 43.9)
	.map(([target, { width, height }]) => target.outerHTML.slice(0, 100) + ' is ' + width + ' × ' + height)`

// cutOff finds text that does not fit into its element, and that scrolling does not reach.
const cutOff = `[...document.querySelectorAll('h1, h2, p, button, label, td, th, dd, .button, .author, .body, .online')]
	.filter((element) => element.checkVisibility() && !element.matches('.hidden-visually') && !element.closest('.table, pre, .composer-box'))
	.filter((element) => {
		const { left, right } = element.getBoundingClientRect();
		return left < -1 || right > document.documentElement.clientWidth + 1;
	})
	.map((element) => element.outerHTML.slice(0, 100))`

// brokenLabels finds buttons whose words do not fit on one line.
const brokenLabels = `[...document.querySelectorAll('button, .button, summary')]
	.filter((button) => button.checkVisibility() && !button.matches('.hidden-visually'))
	.filter((button) => {
		const words = document.createRange();
		words.selectNodeContents(button);
		return words.getBoundingClientRect().height > 40 || button.scrollWidth > button.clientWidth + 1;
	})
	.map((button) => button.outerHTML.slice(0, 100))`

// reflows checks that nothing is cut off with a width of 320 px, which is that of a desktop's window
// zoomed to 400 %.
func reflows(b *tab, _ string, l look) {
	b.t.Helper()
	if wide := b.number(`document.documentElement.scrollWidth`); wide > float64(l.width) {
		b.t.Errorf("with a height of %d px, the page is %v px wide", l.height, wide)
	}
	for _, element := range slices.Concat(b.texts(cutOff), b.texts(brokenLabels)) {
		b.t.Errorf("with a height of %d px, this is cut off: %s", l.height, element)
	}
}

// isForFingers checks that targets are large enough for fingers.
func isForFingers(b *tab, _ string, _ look) {
	b.t.Helper()
	for _, target := range b.texts(tooSmall) {
		b.t.Errorf("on a phone, a target is too small: %s", target)
	}
}
