package store

import (
	"strconv"
	"strings"
	"time"
)

// placeholders returns "$1, $2, …, $n".
func placeholders(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i))
	}
	return b.String()
}

// now is the present, as precisely as the database keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// validText makes text that a database takes of any string that is looked for or noted:
// PostgreSQL refuses what is not UTF-8, and the character 0.
func validText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
