package views

// theme is one choice of the theme switch.
type theme struct{ value, label, icon string }

var themes = []theme{
	{"system", "System", "device"},
	{"light", "Light", "sun"},
	{"dark", "Dark", "moon"},
}

// chosen tells whether the page has this theme.
func (t theme) chosen(p Page) bool {
	return t.value == p.Theme || (t.value == "system" && p.Theme == "")
}
