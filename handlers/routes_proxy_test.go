package handlers_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"plaza/handlers"
)

// behind makes the site trust the proxies at these addresses.
func behind(prefixes ...string) func(*handlers.Config) {
	return func(config *handlers.Config) {
		for _, prefix := range prefixes {
			parsed, err := netip.ParsePrefix(prefix)
			if err != nil {
				address := netip.MustParseAddr(prefix)
				parsed = netip.PrefixFrom(address, address.BitLen())
			}
			config.TrustedProxies = append(config.TrustedProxies, parsed)
		}
	}
}

// at gives the site a public address.
func at(address string) func(*handlers.Config) {
	return func(config *handlers.Config) {
		parsed, err := url.Parse(address)
		if err != nil {
			panic(err)
		}
		config.URL = parsed
	}
}

// The limit that a request uses up shows the client's address. Behind trusted proxies it is the nearest
// address that is not a trusted proxy's. Clients can forge every address before it.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	type from struct{ peer, forwarded string }
	const proxy, inner = "10.0.0.1", "10.0.0.2"
	for _, test := range []struct {
		name       string
		one, other from
		same       bool
	}{
		{"one peer", from{"192.0.2.1", ""}, from{"192.0.2.1", ""}, true},
		{"two peers", from{"192.0.2.1", ""}, from{"192.0.2.2", ""}, false},
		{"an untrusted peer may say what it likes", from{"192.0.2.1", "203.0.113.1"}, from{"192.0.2.1", "203.0.113.2"}, true},
		{"nor is it taken for another", from{"192.0.2.1", "192.0.2.2"}, from{"192.0.2.2", ""}, false},
		{"nor where it is on a private network", from{"10.9.9.9", "203.0.113.1"}, from{"10.9.9.9", "203.0.113.2"}, true},
		{"nor where it is this machine", from{"127.0.0.1", "203.0.113.1"}, from{"127.0.0.1", "203.0.113.2"}, true},
		{"nor where it is on the same link", from{"fe80::1", "203.0.113.1"}, from{"fe80::1", "203.0.113.2"}, true},
		{"two peers beyond a proxy", from{proxy, "203.0.113.1"}, from{proxy, "203.0.113.2"}, false},
		{"one peer beyond a proxy", from{proxy, "203.0.113.1"}, from{proxy, "203.0.113.1"}, true},
		{"one peer by two proxies", from{proxy, "203.0.113.1"}, from{inner, "203.0.113.1"}, true},
		{"one peer beyond proxies in a row", from{proxy, "203.0.113.1, " + inner}, from{inner, "203.0.113.1"}, true},
		{"what a peer made up", from{proxy, "198.51.100.1, 203.0.113.1"}, from{proxy, "198.51.100.2, 203.0.113.1"}, true},
		{"rubbish that a peer made up", from{proxy, "rubbish, 203.0.113.1"}, from{proxy, "more, 203.0.113.1"}, true},
		{"a trusted address that a peer made up", from{proxy, inner + ", 203.0.113.1"}, from{proxy, "203.0.113.1"}, true},
		{"beyond a proxy and directly", from{proxy, "203.0.113.1"}, from{"203.0.113.1", ""}, true},
		{"a proxy that says nothing", from{proxy, ""}, from{proxy, ""}, true},
		{"one network of IPv6", from{proxy, "2001:db8:1:2::1"}, from{proxy, "2001:db8:1:2:ffff:ffff:ffff:ffff"}, true},
		{"two networks of IPv6", from{proxy, "2001:db8:1:2::1"}, from{proxy, "2001:db8:1:3::1"}, false},
		{"a peer of IPv6", from{"2001:db8:1:2::1", ""}, from{"2001:db8:1:2:3::4", ""}, true},
		{"two networks of IPv4", from{proxy, "203.0.113.1"}, from{proxy, "203.0.113.129"}, false},
		{"a peer of IPv4 in IPv6", from{"::ffff:192.0.2.1", ""}, from{"192.0.2.1", ""}, true},
		{"two peers of IPv4 in IPv6", from{"::ffff:192.0.2.1", ""}, from{"::ffff:192.0.2.2", ""}, false},
		{"IPv4 in IPv6", from{proxy, "::ffff:203.0.113.1"}, from{proxy, "203.0.113.1"}, true},
		{"two of IPv4 in IPv6", from{proxy, "::ffff:203.0.113.1"}, from{proxy, "::ffff:203.0.113.2"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				ask := func(by from) *answer {
					if by.forwarded == "" {
						return s.from(by.peer).post("/register", nil)
					}
					return s.from(by.peer).post("/register", nil, "X-Forwarded-For", by.forwarded)
				}
				for ask(test.one).StatusCode != http.StatusTooManyRequests {
					continue
				}
				if same := ask(test.other).StatusCode == http.StatusTooManyRequests; same != test.same {
					s.t.Errorf("they count as one: %v", same)
				}
			}, behind("10.0.0.0/24"))
		})
	}
}

// Without a trusted proxy no header gives the client's address, even on a private network. Some headers
// never do.
func TestForwardingHeadersWithoutAProxy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, peer, header, value string }{
		{"by a private peer", "10.0.0.1", "X-Forwarded-For", "203.0.113.%d"},
		{"by this machine", "127.0.0.1", "X-Forwarded-For", "203.0.113.%d"},
		{"by a stranger", "192.0.2.1", "X-Forwarded-For", "203.0.113.%d"},
		{"another header", "10.0.0.1", "X-Real-Ip", "203.0.113.%d"},
		{"the standard's header", "10.0.0.1", "Forwarded", "for=203.0.113.%d"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				peer := s.from(test.peer)
				for i := range 10 {
					peer.post("/register", nil, test.header, fmt.Sprintf(test.value, i)).expect(http.StatusForbidden)
				}
				peer.post("/register", nil, test.header, fmt.Sprintf(test.value, 10)).expectTooMany()
			})
		})
	}
}
