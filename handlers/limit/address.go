package limit

import "net/netip"

// addressesOfSite is how many times as much a /48 of IPv6 may do as a /64. A /64 is one host or home,
// and a /48 is often one customer, who then has 65,536 of them.
const addressesOfSite = 8

// network is a network of the internet that counts as one.
type network struct {
	key       string
	addresses int // how many times as much as one address it may do
}

// networks returns the networks of an IP address, smallest first: an IPv4 address itself, or the /64 and
// the /48 of an IPv6 address.
func networks(address string) []network {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return []network{{address, 1}}
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return []network{{parsed.String(), 1}}
	}
	// Prefix only fails on a length beyond the address's.
	host, _ := parsed.Prefix(64)
	site, _ := parsed.Prefix(48)
	return []network{{host.String(), 1}, {site.String(), addressesOfSite}}
}

// AddressKey returns the key of an IP address: an IPv4 address itself, or the /64 of an IPv6
// address, since any host has all 2^64 addresses of its /64.
func AddressKey(address string) string { return networks(address)[0].key }
