package limit

import "net/netip"

// addressesOfSite is how many times as much a /48 of IPv6 may do as a /64. A /64 is one host or home,
// and a /48 is often one customer, who then has 65,536 of them.
const addressesOfSite = 8

// Network is a network of the internet that counts as one.
type Network struct {
	Key       string
	Addresses int // how many times as much as one address it may do
}

// Networks returns the networks of an IP address, smallest first: an IPv4 address itself, or the /64 and
// the /48 of an IPv6 address.
func Networks(address string) []Network {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return []Network{{address, 1}}
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return []Network{{parsed.String(), 1}}
	}
	// Prefix only fails on a length beyond the address's.
	host, _ := parsed.Prefix(64)
	site, _ := parsed.Prefix(48)
	return []Network{{host.String(), 1}, {site.String(), addressesOfSite}}
}
