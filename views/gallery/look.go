package gallery

import "net/url"

// look is how the gallery shows its entries: what the switches at the top of each page chose.
type look struct {
	theme     string // "light", "dark", or "" for the device's own
	width     string // the screen: "desktop", "tablet" or "phone"
	direction string // "ltr" or "rtl"
	textSize  string // in percent of the browser's own
}

// lookSwitch is one of the switches. Its first option stands if none is chosen.
type lookSwitch struct {
	name, label string // in the address, and on the page
	options     []lookOption
	field       func(*look) *string
}

type lookOption struct{ value, label string }

func lookSwitches() []lookSwitch {
	return []lookSwitch{
		{"theme", "Theme", []lookOption{{"", "Device"}, {"light", "Light"}, {"dark", "Dark"}}, func(l *look) *string { return &l.theme }},
		{"width", "Width", []lookOption{{"desktop", "Desktop"}, {"tablet", "Tablet"}, {"phone", "Phone"}}, func(l *look) *string { return &l.width }},
		{"direction", "Direction", []lookOption{{"ltr", "LTR"}, {"rtl", "RTL"}}, func(l *look) *string { return &l.direction }},
		{"text", "Text", []lookOption{{"100", "100%"}, {"125", "125%"}, {"150", "150%"}, {"200", "200%"}}, func(l *look) *string { return &l.textSize }},
	}
}

// lookFrom reads a look from an address. An option that does not exist counts as none.
func lookFrom(query url.Values) look {
	var l look
	for _, s := range lookSwitches() {
		*s.field(&l) = s.options[0].value
		for _, o := range s.options {
			if query.Get(s.name) == o.value {
				*s.field(&l) = o.value
			}
		}
	}
	return l
}

// in returns the address of a page of the gallery in the look.
func (l look) in(path string) string {
	query := url.Values{}
	for _, s := range lookSwitches() {
		if chosen := *s.field(&l); chosen != s.options[0].value {
			query.Set(s.name, chosen)
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// with returns the look with another option.
func (l look) with(s lookSwitch, o lookOption) look {
	*s.field(&l) = o.value
	return l
}

// size is the size of the screen in CSS pixels, for people.
func (l look) size() string {
	return map[string]string{"desktop": "1280 × 800", "tablet": "820 × 1180", "phone": "390 × 844"}[l.width]
}
