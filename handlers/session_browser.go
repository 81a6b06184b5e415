package handlers

import (
	"github.com/mileusna/useragent"
)

// browserInWords is what people call the browser that introduces itself so.
func browserInWords(userAgent string) string {
	is := useragent.Parse(userAgent)
	switch {
	case is.Name == "" || is.Bot:
		return "An unknown browser"
	case is.OS == "":
		return is.Name
	}
	return is.Name + " on " + is.OS
}
