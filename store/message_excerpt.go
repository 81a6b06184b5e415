package store

import "strconv"

// excerptLength is the length of an excerpt, in Unicode code points.
const excerptLength = 120

// excerptColumn returns the SQL expression from which excerpt makes an excerpt of a message. It is the empty
// string for a deleted message. The argument is the name of a row of messages.
func excerptColumn(row string) string {
	return `CASE WHEN ` + row + `.deleted_at > 0 THEN '' ELSE substr(` + row + `.text, 1, ` + strconv.Itoa(excerptLength+1) + `) END`
}

// excerpt returns the beginning of a message's plain text.
func excerpt(text string) string {
	if words := []rune(text); len(words) > excerptLength {
		return string(words[:excerptLength-1]) + "…"
	}
	return text
}
