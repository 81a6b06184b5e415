package handlers

import (
	"github.com/mileusna/useragent"

	"plaza/views"
)

// browserInWords returns the name of a browser by its user agent, as people say it.
func browserInWords(userAgent string) string {
	is := useragent.Parse(userAgent)
	if is.Bot {
		is.Name = ""
	}
	return views.Browser(is.Name, is.OS)
}
