package handlers

import (
	"net/http"
	"strconv"
	"time"
)

// maxZone is the largest distance of a time zone from UTC.
const maxZone = 14 * time.Hour

// zone returns the viewer's time zone. A script stores its distance from UTC in the browser, in minutes. It is UTC
// if the browser has none.
func zone(r *http.Request) *time.Location {
	cookie, err := r.Cookie("zone")
	if err != nil {
		return time.UTC
	}
	minutes, err := strconv.ParseInt(cookie.Value, 10, 16)
	east := time.Duration(minutes) * time.Minute
	if err != nil || east.Abs() > maxZone {
		return time.UTC
	}
	return time.FixedZone("", int(east.Seconds()))
}
