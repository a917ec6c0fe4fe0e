//go:build unix

package tsocket_test

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tsocket"
)

func TestAddressesParseAndPrint(t *testing.T) {
	for _, c := range []struct{ in, out, network string }{
		{"1.2.3.4:80", "1.2.3.4:80", "tcp"},
		{"0.0.0.0:0", "0.0.0.0:0", "tcp"},
		{"255.255.255.255:65535", "255.255.255.255:65535", "tcp"},
		{"1.2.3.4:080", "1.2.3.4:80", "tcp"},
		{"[::1]:80", "[::1]:80", "tcp"},
		{"[::]:0", "[::]:0", "tcp"},
		{":80", "[::]:80", "tcp"},
		{"[fe80::1%eth0]:80", "[fe80::1%eth0]:80", "tcp"},
		{"[2001:DB8::1]:443", "[2001:db8::1]:443", "tcp"},
		{"[::ffff:1.2.3.4]:80", "[::ffff:1.2.3.4]:80", "tcp"},
		{"unix:/run/x.sock", "unix:/run/x.sock", "unix"},
		{"unix:relative", "unix:relative", "unix"},
		{"unix:@abstract", "unix:@abstract", "unix"},
		{"unix:@", "unix:@", "unix"},
	} {
		a, err := tsocket.ParseAddress(c.in)
		if err != nil || a.String() != c.out || a.Network() != c.network || !a.IsValid() {
			t.Errorf("%q is %q on %q, %v", c.in, a, a.Network(), err)
			continue
		}
		if b, err := tsocket.ParseAddress(a.String()); a != b || err != nil {
			t.Errorf("%q does not survive: %q, %v", c.in, b, err)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, in := range []string{
		"", ":", "80", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:80 ", "1.2.3.4:0x50",
		"1.2.3.4:+80", "1.2.3.4: 80", "1.2.3:80", "1:80", "0x7f.1:80", "01.2.3.4:80", "[::1]", "[::1]:", "[::1]x",
		"[::1", "::1]:80", "[]:80", "x[::1]:80", "[1.2.3.4]:80", "::1:80", "::1", "localhost:80", "unix:", "unix:a\x00b",
	} {
		a, err := tsocket.ParseAddress(in)
		if !errors.Is(err, syscall.EINVAL) || a.IsValid() || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q is %q, %v", in, a, err)
		}
	}
}

func TestUnixPathLimit(t *testing.T) {
	if a, err := tsocket.Unix(strings.Repeat("x", 107)); err != nil || len(a.UnixPath()) != 107 {
		t.Errorf("107 bytes: %v", err)
	}
	for _, name := range []string{strings.Repeat("x", 108), "@" + strings.Repeat("x", 107)} {
		if _, err := tsocket.Unix(name); !errors.Is(err, syscall.ENAMETOOLONG) {
			t.Errorf("%d bytes: %v", len(name), err)
		}
	}
}

func TestAddressKinds(t *testing.T) {
	inet := tsocket.Inet(netip.MustParseAddrPort("10.0.0.1:7"))
	if inet.IsUnix() || inet.UnixPath() != "" || inet.AddrPort().Port() != 7 {
		t.Errorf("%v is unix %v, path %q", inet, inet.IsUnix(), inet.UnixPath())
	}
	path := address(t, "unix:/x")
	if !path.IsUnix() || path.UnixPath() != "/x" || path.AddrPort().IsValid() {
		t.Errorf("%v: path %q, inet %v", path, path.UnixPath(), path.AddrPort())
	}
	var none tsocket.Address
	if none.IsValid() || none.String() != "" || none.Network() != "" {
		t.Errorf("the zero Address is %q on %q", none, none.Network())
	}
	if none == inet || inet != tsocket.Inet(netip.MustParseAddrPort("10.0.0.1:7")) {
		t.Error("addresses do not compare")
	}
}
