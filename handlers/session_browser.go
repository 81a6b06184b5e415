package handlers

import (
	"github.com/mileusna/useragent"

	"plaza/views"
)

// browserInWords is what people call the browser that introduces itself so.
func browserInWords(userAgent string) string {
	is := useragent.Parse(userAgent)
	if is.Bot {
		is.Name = ""
	}
	return views.Browser(is.Name, is.OS)
}
