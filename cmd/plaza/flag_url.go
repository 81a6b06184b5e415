package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// publicAddress is the site's address as browsers write it in the Origin header, or the site would take
// its own pages for another site's. URL is nil if the flag is not set. URL is not embedded: the parser
// would call its UnmarshalBinary instead of UnmarshalText.
type publicAddress struct{ URL *url.URL }

func (p *publicAddress) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(strings.TrimSpace(string(text)))
	bad := fmt.Errorf("%q is not an address such as https://chat.example.org", text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || strings.Trim(parsed.Path, "/") != "" ||
		parsed.RawQuery != "" || parsed.ForceQuery || strings.Contains(string(text), "#") || parsed.User != nil {
		return bad
	}
	host, ok := canonicalHost(parsed.Hostname())
	if !ok {
		return bad
	}
	if port := parsed.Port(); port != "" {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 {
			return bad
		}
		if number != defaultPorts[parsed.Scheme] {
			host = net.JoinHostPort(strings.Trim(host, "[]"), strconv.FormatUint(number, 10))
		}
	}
	p.URL = &url.URL{Scheme: parsed.Scheme, Host: host}
	return nil
}

var defaultPorts = map[string]uint64{"http": 80, "https": 443}

// hostNames maps the name of a host as browsers do: to lower case, and to the ASCII that DNS has for it.
var hostNames = idna.New(idna.MapForLookup(), idna.StrictDomainName(false), idna.CheckHyphens(false))

// canonicalHost returns a name or an address without its port as browsers write it.
func canonicalHost(host string) (canonical string, ok bool) {
	if address, err := netip.ParseAddr(host); err == nil {
		if address.Is4In6() { // which browsers write without dots
			four := address.As16()
			return fmt.Sprintf("[::ffff:%x:%x]", binary.BigEndian.Uint16(four[12:]), binary.BigEndian.Uint16(four[14:])), address.Zone() == ""
		}
		if address.Is6() {
			return "[" + address.String() + "]", address.Zone() == ""
		}
		return address.String(), true
	}
	name, err := hostNames.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || name == "" || strings.ContainsAny(name, " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}") || strings.Contains("."+name, "..") {
		return "", false
	}
	// Browsers take a name that ends in a number for an address, and write it in another way.
	last := name[strings.LastIndexByte(name, '.')+1:]
	return name, last != "" && (last[0] < '0' || last[0] > '9')
}
