package limit

import "net/netip"

// AddressKey returns the key of an IP address: an IPv4 address itself, or the /64 of an IPv6
// address, since any host has all 2^64 addresses of its /64.
func AddressKey(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return parsed.String()
	}
	// Prefix only fails on a length beyond the address's.
	prefix, _ := parsed.Prefix(64)
	return prefix.String()
}
