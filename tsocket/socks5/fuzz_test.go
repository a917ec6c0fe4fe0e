package socks5

import (
	"errors"
	"testing"
)

// A reply is read in pieces that its own bytes have announced; none asks for more
// than the longest, or for nothing before it is complete or refused.
func FuzzReply(f *testing.F) {
	for _, s := range []string{"", "\x05", "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", "\x05\x00\x00\x03\x04host\x00\x50",
		"\x05\x00\x00\x04", "\x05\x05\x00\x01", "HTTP/1.1 400", "\x05\x00\x00\x03\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, all []byte) {
		got := 0
		for {
			n, err := missing(all[:got])
			if err != nil {
				if errors.As(err, new(ReplyError)) == errors.As(err, new(ProtocolError)) {
					t.Fatalf("an error of no kind: %v", err)
				}
				return
			}
			if n < 0 || got+n > longestAnswer {
				t.Fatalf("%d bytes behind %d", n, got)
			}
			if n == 0 {
				if got < 7 {
					t.Fatalf("%d bytes are no reply", got)
				}
				return
			}
			if got += n; got > len(all) {
				return // the rest does not come
			}
		}
	})
}

// Whatever address is asked for, the request says it, or it is refused.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"example.org:80", "[::1]:1", "127.0.0.1:65535", "[fe80::1%0]:1", ":", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		to, err := parse("tcp", address)
		if err != nil {
			return
		}
		b := to.request()
		if len(b) > longestAnswer || b[0] != version || b[1] != cmdConnect || b[2] != 0 {
			t.Fatalf("% x", b)
		}
		n := len(b) - 2
		if port := uint16(b[n])<<8 | uint16(b[n+1]); port != to.port {
			t.Fatalf("port %d of %q is %d", to.port, address, port)
		}
		switch at := b[4:n]; {
		case to.addr.IsValid() && string(at) != string(to.addr.AsSlice()):
			t.Fatalf("%q asks for % x", address, at)
		case !to.addr.IsValid() && (int(at[0]) != len(to.name) || string(at[1:]) != to.name || to.name == ""):
			t.Fatalf("%q asks for %q", address, at)
		}
	})
}
