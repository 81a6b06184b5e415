package store

import "strconv"

// excerptLength is how much of a message is shown where it is only mentioned, in Unicode code points.
const excerptLength = 120

// excerptColumn is what an excerpt is made of, of a row of messages.
func excerptColumn(row string) string {
	return `substr(` + row + `.text, 1, ` + strconv.Itoa(excerptLength+1) + `)`
}

// excerpt is the beginning of a message's plain text.
func excerpt(text string) string {
	if words := []rune(text); len(words) > excerptLength {
		return string(words[:excerptLength-1]) + "…"
	}
	return text
}
