//go:build linux

package main

import (
	"io"
	"net"
	"testing"
	"time"
)

// server answers each read with what reply makes of it.
func server(t *testing.T, reply func(b []byte)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := make([]byte, 4096)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					reply(b[:n])
					if _, err := c.Write(b[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

func TestEveryByteIsCompared(t *testing.T) {
	cases := map[string]struct {
		reply  func(b []byte)
		errors int
	}{
		"honest":  {func([]byte) {}, 0},
		"one bit": {func(b []byte) { b[len(b)-1] ^= 1 }, 3},
	}
	for name, c := range cases {
		for _, framed := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				r, err := run(config{addr: server(t, c.reply), conns: 3, size: 100, depth: 4,
					framed: framed, duration: time.Minute, count: 5000})
				if err != nil {
					t.Fatal(err)
				}
				if r.Errors != c.errors || c.errors == 0 && r.Requests != 5000 {
					t.Errorf("%d errors in %d requests", r.Errors, r.Requests)
				}
			})
		}
	}
}

func TestLargeMessagesNeedOut(t *testing.T) {
	r, err := run(config{addr: server(t, func([]byte) {}), conns: 2, size: 1 << 20, depth: 8,
		duration: time.Minute, count: 64})
	if err != nil || r.Errors > 0 || r.Requests != 64 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLostConnectionIsAnError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			io.CopyN(io.Discard, c, 10)
			c.Close()
		}
	}()
	r, err := run(config{addr: l.Addr().String(), conns: 1, size: 10, depth: 1, duration: time.Minute})
	if err != nil || r.Errors != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestHistogramKeepsValuesTo32nds(t *testing.T) {
	for _, v := range []int64{0, 1, 31, 32, 63, 64, 65, 1000, 123456, 1 << 40} {
		var h histogram
		h.add(v)
		if q := h.quantile(0.5); q > float64(v) || q < float64(v)*31/32 {
			t.Errorf("%d is kept as %g", v, q)
		}
	}
}
