//go:build linux

package main

import (
	"net"
	"testing"
	"time"
)

// datagramServer answers the i-th datagram as often as times says.
func datagramServer(t *testing.T, times func(i int, b []byte) int) string {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 4096)
		for i := 0; ; i++ {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			for range times(i, b[:n]) {
				c.WriteTo(b[:n], from)
			}
		}
	}()
	return c.LocalAddr().String()
}

func TestDatagramsThatAreLostAreSentAgain(t *testing.T) {
	addr := datagramServer(t, func(i int, _ []byte) int { return min(i%20, 2) }) // one of 20 lost, most twice
	r, err := runDatagrams(config{addr: addr, conns: 3, size: 64, depth: 4, duration: time.Minute, count: 500})
	if err != nil || r.Errors > 0 || r.Requests != 500 || r.Again == 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestEveryByteOfADatagramIsCompared(t *testing.T) {
	addr := datagramServer(t, func(_ int, b []byte) int {
		b[len(b)-1] ^= 1
		return 1
	})
	if _, err := runDatagrams(config{addr: addr, conns: 1, size: 64, depth: 1, duration: time.Minute}); err != errMismatch {
		t.Error(err)
	}
}
