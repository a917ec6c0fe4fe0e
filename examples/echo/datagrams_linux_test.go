package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// serveDatagrams runs the server as shipped until stop.
func serveDatagrams(t *testing.T) (addr string, ev *tevent.Context, p *linux.Poller, stop func()) {
	t.Helper()
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	ev = tevent.NewOn(k, p, linux.NewHost(0))
	at, _ := tsocket.ParseAddress("127.0.0.1:0")
	s, err := openDatagrams(ev, at, false)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- ev.Run(context.Background()) }()
	return s.addr().String(), ev, p, func() {
		ev.Post(func() { s.(*dgramServer).stop(os.Interrupt) })
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ev.Close()
	}
}

// round has a client send datagrams and take the answers, which may come in any
// order.
func round(t *testing.T, c net.Conn, msgs [][]byte, back []byte) {
	t.Helper()
	for _, m := range msgs {
		if _, err := c.Write(m); err != nil {
			t.Fatal(err)
		}
	}
	for range msgs {
		n, err := c.Read(back)
		if err != nil || !bytes.Equal(back[:n], msgs[n-1]) {
			t.Fatalf("%q came back, %v", back[:n], err)
		}
	}
}

// TestDatagramsComeBackAndAllocateNothing: a thousand rounds of four datagrams of
// different lengths by each of four clients.
func TestDatagramsComeBackAndAllocateNothing(t *testing.T) {
	addr, ev, p, stop := serveDatagrams(t)
	defer stop()
	var conns []net.Conn
	for range 4 {
		c, err := net.Dial("udp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		conns = append(conns, c)
	}
	msgs := [][]byte{[]byte("1"), []byte("22"), []byte("333"), []byte("4444")}
	back := make([]byte, 100)
	run := func(rounds int) {
		for range rounds {
			for _, c := range conns {
				round(t, c, msgs, back)
			}
		}
	}
	run(100)
	ctls, before := ctlsOf(ev, p), mallocs()
	run(1000)
	if grown, more := mallocs()-before, ctlsOf(ev, p)-ctls; grown > 160 || more != 0 {
		t.Errorf("%d mallocs and %d epoll_ctl in 16000 datagrams", grown, more)
	}
}

// TestTheLongestDatagramComesBack as it was sent.
func TestTheLongestDatagramComesBack(t *testing.T) {
	addr, _, _, stop := serveDatagrams(t)
	defer stop()
	c, err := net.Dial("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	msg := bytes.Repeat([]byte("datagram"), 9000)[:largest]
	back := make([]byte, largest+1)
	if _, err := c.Write(msg); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(back); err != nil || !bytes.Equal(back[:n], msg) {
		t.Errorf("%d bytes came back, %v", n, err)
	}
}
