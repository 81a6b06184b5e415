package gallery

import (
	"fmt"

	"plaza/views"
)

func problems(theme string) []Entry {
	all := []views.Problem{
		{Status: 400, Message: "The address has a number in it that plaza cannot read. Please check it."},
		{Status: 403, Message: "This form was sent from another site, so plaza did not follow it. Open the page here and try again."},
		{Status: 404, Message: "The page may have moved, or its address has a slip in it."},
		{Status: 413, Message: "A form may have up to 64 kB. Please send less at once."},
		{Status: 422, Message: "A field was missing. Go back and try again."},
		{Status: 429, Message: "That were many requests in a short time. Try again in 20 seconds."},
		{Status: 500, Message: "Something went wrong on our side. It has been noted, and trying again may help.", ID: "7F3K-9Q"},
		{Status: 503, Message: "The site cannot do this right now. Nothing is lost; please try again in a moment."},
	}
	var entries []Entry
	for _, e := range all {
		p := visitor(theme)
		p.Path = "/search?q=fountain"
		entries = append(entries, Entry{fmt.Sprintf("problem-%d", e.Status), views.ProblemPage(p, e)})
	}
	return entries
}
