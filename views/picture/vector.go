package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// vectorForm has the proportions of a picture by Generate. It takes the background, the colour of the letter, the size
// of the letter and the letter. A style attribute would break the site's policy.
const vectorForm = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="256" height="256">` +
	`<rect width="100" height="100" fill="%s"/>` +
	`<text x="50" y="50" fill="%s" font-family="system-ui, sans-serif" font-size="%g" font-weight="500" ` +
	`text-anchor="middle" dominant-baseline="central">%s</text></svg>`

// Vector makes an account's picture as SVG, in which the browser's fonts draw the initial. It is for the scripts and
// emoji that the font of Generate lacks: fonts for all of them are larger than the whole program. Vector returns nil
// if Generate draws the initials, or if there are none. The picture takes less than a kilobyte.
func Vector(username, displayName string) ([]byte, error) {
	letters := initials(username, displayName)
	if len(letters) == 0 {
		return nil, nil
	}
	f, err := medium()
	if err != nil {
		return nil, err
	}
	drawable, err := hasGlyphs(f, letters[0])
	if err != nil || drawable {
		return nil, err
	}
	var letter, svg bytes.Buffer
	if err := xml.EscapeText(&letter, []byte(letters[0])); err != nil {
		return nil, err
	}
	fmt.Fprintf(&svg, vectorForm, hex(background(username)), hex(white), 100*letterSize, letter.Bytes())
	return svg.Bytes(), nil
}
