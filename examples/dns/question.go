package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// types are those whose records can be printed.
var types = map[string]dnsmessage.Type{
	"A": dnsmessage.TypeA, "AAAA": dnsmessage.TypeAAAA, "CNAME": dnsmessage.TypeCNAME, "MX": dnsmessage.TypeMX,
	"NS": dnsmessage.TypeNS, "PTR": dnsmessage.TypePTR, "TXT": dnsmessage.TypeTXT,
}

// newQuestion asks for the records of a name. An address is asked about by its
// name in the reverse tree, if it is a PTR that is wanted.
func newQuestion(name string, kind dnsmessage.Type) (dnsmessage.Question, error) {
	if ip, err := netip.ParseAddr(name); err == nil && kind == dnsmessage.TypePTR {
		name = reverse(ip)
	}
	if err := checkName(name); err != nil {
		return dnsmessage.Question{}, err
	}
	n, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	return dnsmessage.Question{Name: n, Type: kind, Class: dnsmessage.ClassINET}, err
}

// checkName is why a name cannot be asked for: RFC 1035, section 2.3.4.
func checkName(name string) error {
	if name == "." {
		return nil
	}
	name = strings.TrimSuffix(name, ".")
	if len(name) > 253 {
		return errors.New("a name has at most 253 bytes")
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) == 0 || len(label) > 63 {
			return errors.New("a part of a name has 1 to 63 bytes")
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
			return errors.New("a name has printable ASCII only")
		}
	}
	return nil
}

// reverse is the name that stands for an address.
func reverse(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		b := ip.As4()
		return fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa", b[3], b[2], b[1], b[0])
	}
	b := ip.As16()
	var name strings.Builder
	for _, x := range slices.Backward(b[:]) {
		fmt.Fprintf(&name, "%x.%x.", x&15, x>>4)
	}
	return name.String() + "ip6.arpa"
}

// pack is a query in the form of the wire. It wants recursion.
func pack(id uint16, q dnsmessage.Question) ([]byte, error) {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: id, RecursionDesired: true})
	if err := b.StartQuestions(); err != nil {
		return nil, err
	}
	if err := b.Question(q); err != nil {
		return nil, err
	}
	return b.Finish()
}
