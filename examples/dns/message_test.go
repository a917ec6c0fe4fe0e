package main

import (
	"net/netip"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/dns/dnsmessage"
)

func TestNamesThatCanBeAskedFor(t *testing.T) {
	label := strings.Repeat("x", 63)
	for name, want := range map[string]string{ // in whatever order
		"example.test":  "example.test.",
		"example.test.": "example.test.",
		".":             ".",
		"_sip._udp.a":   "_sip._udp.a.",
		label:           label + ".",
		strings.Repeat(label+".", 3) + label[:61]: strings.Repeat(label+".", 3) + label[:61] + ".",
	} {
		q, err := newQuestion(name, dnsmessage.TypeA)
		if err != nil || q.Name.String() != want {
			t.Errorf("%q: %v, %v", name, q.Name, err)
			continue
		}
		msg, err := pack(0xabcd, q)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		o, err := openQuery(msg)
		if err != nil || o.ID != 0xabcd || o.Response || !o.RecursionDesired || !o.isAbout(q) {
			t.Errorf("%q: %+v, %v", name, o, err)
		}
	}
}

func TestNamesThatAreNone(t *testing.T) {
	label := strings.Repeat("x", 63)
	for _, name := range []string{
		"", "..", "a..b", ".a", "a..", label + "x", strings.Repeat(label+".", 3) + label[:62], "a b", "a\x00b", "bücher.test", `a\.b`,
	} {
		if q, err := newQuestion(name, dnsmessage.TypeA); err == nil {
			t.Errorf("%q is %v", name, q.Name)
		}
	}
}

func TestAddressesAreAskedAboutInTheReverseTree(t *testing.T) {
	for ip, want := range map[string]string{ // in whatever order
		"192.0.2.1":        "1.2.0.192.in-addr.arpa.",
		"::ffff:192.0.2.1": "1.2.0.192.in-addr.arpa.",
		"2001:db8::a1":     "1.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
	} {
		if q, err := newQuestion(ip, dnsmessage.TypePTR); err != nil || q.Name.String() != want {
			t.Errorf("%s: %v, %v", ip, q.Name, err)
		}
	}
	if q, err := newQuestion("192.0.2.1", dnsmessage.TypeA); err != nil || q.Name.String() != "192.0.2.1." {
		t.Errorf("%v, %v", q.Name, err)
	}
}

func TestServersAreAddresses(t *testing.T) {
	for in, want := range map[string]string{ // in whatever order
		"127.0.0.1": "127.0.0.1:53", "::1": "[::1]:53", "127.0.0.1:5353": "127.0.0.1:5353", "[::1]:5353": "[::1]:5353",
		"localhost": "", "unix:/x": "", "": "",
	} {
		if got, err := parseServer(in); (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("%q is %v, %v", in, got, err)
		}
	}
}

func TestRecordsReadAsInAZoneFile(t *testing.T) {
	name := dnsmessage.MustNewName("a\x1b b\\\".test.")
	for _, c := range []struct {
		body dnsmessage.ResourceBody
		want string
	}{
		{&dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}, "192.0.2.1"},
		{&dnsmessage.AAAAResource{AAAA: netip.MustParseAddr("2001:db8::1").As16()}, "2001:db8::1"},
		{&dnsmessage.CNAMEResource{CNAME: name}, `a\027\ b\\\".test.`},
		{&dnsmessage.NSResource{NS: name}, `a\027\ b\\\".test.`},
		{&dnsmessage.PTRResource{PTR: name}, `a\027\ b\\\".test.`},
		{&dnsmessage.MXResource{Pref: 10, MX: name}, `10 a\027\ b\\\".test.`},
		{&dnsmessage.TXTResource{TXT: []string{"", `a "b" \`, "\xff\n"}}, `"" "a \"b\" \\" "\255\010"`},
		{&dnsmessage.SRVResource{Target: name}, ""},
	} {
		if got := text(c.body); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestCodesAreToldInWords(t *testing.T) {
	q, _ := newQuestion("a.test", dnsmessage.TypeA)
	for code, want := range map[dnsmessage.RCode]string{ // in whatever order
		dnsmessage.RCodeNameError: "no such name", dnsmessage.RCodeServerFailure: "the server failed",
		dnsmessage.RCodeRefused: "the server refuses", dnsmessage.RCodeNotImplemented: "the server answers code 4",
	} {
		o, err := open(reply(dnsmessage.Header{RCode: code}, q))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.read(); err == nil || err.Error() != want {
			t.Errorf("%v: %v", code, err)
		}
	}
}

// FuzzAnswers: whatever comes from a server, nothing of it reaches a terminal but
// print, and nothing panics.
func FuzzAnswers(f *testing.F) {
	q, _ := newQuestion("a.test", dnsmessage.TypeA)
	f.Add(reply(dnsmessage.Header{}, q, forged))
	f.Add(reply(dnsmessage.Header{Truncated: true}, q))
	m := dnsmessage.Message{Header: dnsmessage.Header{Response: true}, Questions: []dnsmessage.Question{q}}
	for _, body := range []dnsmessage.ResourceBody{
		&dnsmessage.MXResource{MX: q.Name}, &dnsmessage.TXTResource{TXT: []string{"\x1b[31m"}}, &dnsmessage.CNAMEResource{CNAME: q.Name},
	} {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name}, Body: body})
	}
	b, err := m.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, msg []byte) {
		o, err := open(msg)
		if err != nil {
			return
		}
		a, err := o.read()
		for _, line := range a.lines {
			if strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
				t.Errorf("%q", line)
			}
		}
		if err != nil && len(a.lines) > 0 {
			t.Errorf("%d lines beside %v", len(a.lines), err)
		}
	})
}
