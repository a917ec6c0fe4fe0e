//go:build linux

package tsocket_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// As tevent: numbers only, and the two addresses of a connection are of one family.
// Not in Go: a family among the arguments, because the address itself has one.
func TestS73AddressesAreNumbersOfOneFamily(t *testing.T) {
	for _, name := range []string{"localhost:80", "example.org:80", "1.2.3:80", "1:80", "0x7f.1:80", "01.2.3.4:80"} {
		_, err := tsocket.ParseAddress(name)
		is(t, err, syscall.EINVAL)
	}
	four, six := address(t, "127.0.0.1:80"), address(t, "[::1%lo]:80")
	unix, err := tsocket.Unix("/run/s")
	must(t, err)
	if !four.Is4() || four.Is6() || four.IsUnix() || six.Is4() || !six.Is6() || unix.Is4() || unix.Is6() || !unix.IsUnix() {
		t.Error("an address is of another family")
	}
	if six.AddrPort().Addr().Zone() != "lo" || six.String() != "[::1%lo]:80" {
		t.Error(six) // ours: tevent's text forgets it
	}
	bt.Each(t, func(b *bt.Backend) {
		fails(b, b.Ev, tsocket.ConnectFrom(b.Ev, four, six), syscall.EINVAL)
		fails(b, b.Ev, tsocket.ConnectFrom(b.Ev, unix, four), syscall.EINVAL)
		_, err := tsocket.OpenDgram(b.Ev, six, four)
		is(b, err, syscall.EINVAL)
	})
}

// As tevent where that is strict. Ours: what getaddrinfo(3) lets pass is refused,
// ":80" is every local address, and a mapped address of IPv4 needs no brackets.
func TestS74HostAndPort(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1.2.3.4:80", "1.2.3.4:80"}, {"1.2.3.4", "1.2.3.4:99"}, {"1.2.3.4:0", "1.2.3.4:0"},
		{"[::1]:80", "[::1]:80"}, {"[::1]", "[::1]:99"}, {"::1", "[::1]:99"}, {"::", "[::]:99"},
		{"[fe80::1%eth0]:80", "[fe80::1%eth0]:80"}, {"[fe80::1%eth0]", "[fe80::1%eth0]:99"}, {"fe80::1%eth0", "[fe80::1%eth0]:99"},
		{"::1:80", "[::1:80]:99"}, // it is an address
		{"1.2.3.4:080", "1.2.3.4:80"},
		{":80", "[::]:80"}, {"::ffff:1.2.3.4", "[::ffff:1.2.3.4]:99"},
	} {
		a, err := tsocket.ParseHostPort(c.text, 99)
		if err != nil || a.String() != c.want {
			t.Errorf("%q is %v, %v", c.text, a, err)
		}
	}
	for _, text := range []string{
		"1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:80 ", "1.2.3.4:0x50",
		"[::1]:", "[::1]x", "[::1", "::1]:80", "[]:80", "[]", "", "1.2.3.4:+80", "1.2.3.4: 80", " 1.2.3.4",
		"x[::1]:80", "[1.2.3.4]:80", "[1.2.3.4]", "1.2.3", "localhost", "localhost:80", "unix:/run/s", "unix:",
	} {
		a, err := tsocket.ParseHostPort(text, 99)
		if is(t, err, syscall.EINVAL); a.IsValid() {
			t.Errorf("%q is %v", text, a)
		}
	}
}

// As tevent. Ours: an empty path is EINVAL, UnnamedUnix says it, and abstract names
// are addresses too.
func TestS75AUnixPathHasAtMost107Bytes(t *testing.T) {
	path := "/" + strings.Repeat("x", 106)
	a, err := tsocket.Unix(path)
	if err != nil || a.UnixPath() != path {
		t.Error(a, err)
	}
	_, err = tsocket.Unix(path + "x")
	is(t, err, syscall.ENAMETOOLONG)
	_, err = tsocket.ParseAddress("unix:" + path + "x")
	is(t, err, syscall.ENAMETOOLONG)
	_, err = tsocket.Unix("")
	is(t, err, syscall.EINVAL)
	if u := tsocket.UnnamedUnix(); !u.IsUnix() || u.UnixPath() != "" || u.String() != "unix:" {
		t.Error(u)
	}
	if a, err = tsocket.Unix("@name"); err != nil || a.UnixPath() != "@name" {
		t.Error(a, err)
	}
}

// As tevent: the family is the remote's.
func TestS76EveryLocalAddressReachesIPv4(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		c := done(b, b.Ev, tsocket.ConnectFrom(b.Ev, address(b, "[::]:0"), l.Addr()))
		defer c.Close()
		d := done(b, b.Ev, socket(b, tsocket.SocketStream, "[::]:0").Connect(b.Ev, l.Addr()))
		defer d.Close()
		for _, s := range []*tsocket.Stream{c, d} {
			if !s.LocalAddr().Is4() || s.RemoteAddr() != l.Addr() {
				b.Error(s.LocalAddr(), s.RemoteAddr())
			}
			p := done(b, b.Ev, l.Accept())
			if p.RemoteAddr() != s.LocalAddr() {
				b.Error(p.RemoteAddr(), s.LocalAddr()) // the real one
			}
			p.Close()
		}
	})
}

// As tevent.
func TestS77ARefusalIsToldByTheCallback(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l := listening(b, "127.0.0.1:0")
		addr := l.Addr()
		must(b, l.Close())
		start := map[string]func() tevent.Req[*tsocket.Stream]{
			"Connect": func() tevent.Req[*tsocket.Stream] { return tsocket.Connect(b.Ev, addr) },
			"Socket": func() tevent.Req[*tsocket.Stream] {
				return socket(b, tsocket.SocketStream, "0.0.0.0:0").Connect(b.Ev, addr)
			},
			"no such name": func() tevent.Req[*tsocket.Stream] { return tsocket.Connect(b.Ev, address(b, "unix:@nobody")) },
		}
		for name, f := range start { // in any order
			var told error
			inCall := true
			f().SetCallback(func(r tevent.Req[*tsocket.Stream]) {
				if inCall {
					b.Errorf("%s: a callback ran in the call", name)
				}
				_, told = r.Result()
			})
			inCall = false
			until(b, name, func() bool { return told != nil })
			is(b, told, syscall.ECONNREFUSED)
		}
	})
}
