package main

import "testing"

// The public address is compared with the Origin header, so it must be what browsers write there.
func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://chat.example.org":       "https://chat.example.org",
		"https://chat.example.org/":      "https://chat.example.org",
		"https://chat.example.org:443":   "https://chat.example.org",
		"https://chat.example.org:0443/": "https://chat.example.org",
		"http://chat.example.org:80":     "http://chat.example.org",
		"https://chat.example.org:":      "https://chat.example.org",
		"https://chat.example.org:80":    "https://chat.example.org:80",
		"http://chat.example.org:443":    "http://chat.example.org:443",
		"http://chat.example.org:08080":  "http://chat.example.org:8080",
		"HTTPS://Chat.EXAMPLE.org":       "https://chat.example.org",
		"https://chat.example.org.":      "https://chat.example.org",
		"https://Bücher.example":         "https://xn--bcher-kva.example",
		"https://bu\u0308cher.example":   "https://xn--bcher-kva.example",
		"https://XN--BCHER-KVA.example":  "https://xn--bcher-kva.example",
		"https://b%C3%BCcher.example":    "https://xn--bcher-kva.example",
		"https://例え。テスト":                 "https://xn--r8jz45g.xn--zckzah",
		"https://straße.example":         "https://xn--strae-oqa.example",
		"https://chat_1.r3---x.example":  "https://chat_1.r3---x.example",
		"http://localhost:8080":          "http://localhost:8080",
		"http://127.0.0.1:8080":          "http://127.0.0.1:8080",
		"http://[2001:DB8:0:0::1]:80":    "http://[2001:db8::1]",
		"http://[::1]:8080":              "http://[::1]:8080",
		"http://[::ffff:127.0.0.1]:8080": "http://[::ffff:7f00:1]:8080",
		"http://[::FFFF:C000:0201]":      "http://[::ffff:c000:201]",
		"http://[::127.0.0.1]":           "http://[::7f00:1]",
		"http://[64:ff9b::192.0.2.1]":    "http://[64:ff9b::c000:201]",
	} {
		var address publicAddress
		if err := address.UnmarshalText([]byte(given)); err != nil {
			t.Errorf("%s: %v", given, err)
		} else if got := address.URL.String(); got != want {
			t.Errorf("%s is %s, want %s", given, got, want)
		}
	}
	var spaced publicAddress
	if err := spaced.UnmarshalText([]byte(" https://chat.example.org\n")); err != nil || spaced.URL.String() != "https://chat.example.org" {
		t.Errorf("with space around it, it is %v, %v", spaced.URL, err)
	}
	for _, given := range []string{
		"", "chat.example.org", "chat.example.org:443", "//chat.example.org", "https://", "https:///", "https://:443", "https:chat.example.org",
		"ftp://chat.example.org", "https://example.org/chat", "https://example.org?", "https://example.org?x", "https://example.org#",
		"https://example.org#x", "https://ada@example.org", "https://example.org:0", "https://example.org:65536", "https://example.org:x",
		"https://exa mple.org", "https://example..org", "https://.example.org", "https://。example.org", "https://.", "http://[::ffff:127.0.0.1%25eth0]", "https://exam%ple.org", "https://xn--a.example", "https://[fe80::1%25eth0]",
		"http://127.1", "http://0x7f.1", "http://10.0.0.256", "https://chat.example.org,https://chat.example.net", "https://a\u200d.example",
	} {
		var address publicAddress
		if err := address.UnmarshalText([]byte(given)); err == nil {
			t.Errorf("%q is accepted, as %s", given, address.URL)
		}
	}
}
