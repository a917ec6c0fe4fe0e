package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

const (
	clients = 16
	depth   = 16
	rounds  = 1_000_000/clients/depth + 1 // of depth requests by each client
)

// TestSteadyStateAllocatesAndRegistersNothing drives the server as shipped with
// a million requests in either mode: fewer than one allocation in a hundred
// requests, clients included, and not one epoll_ctl.
func TestSteadyStateAllocatesAndRegistersNothing(t *testing.T) {
	for mode, serve := range map[string]service{"echo": serveBytes, "framed": serveFrames} {
		t.Run(mode, func(t *testing.T) { steady(t, mode, serve) })
	}
}

func steady(t *testing.T, mode string, serve service) {
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	if err != nil {
		t.Fatal(err)
	}
	ev := tevent.NewOn(k, p, linux.NewHost(0))
	addr, _ := tsocket.ParseAddress("127.0.0.1:0")
	l, err := tsocket.Listen(ev, addr)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(ev, l, serve)
	ended := make(chan error, 1)
	go func() { ended <- ev.Run(context.Background()) }()

	warm, run, stop := drive(t, l.Addr().String(), message(mode))
	warm()
	ctls, before := ctlsOf(ev, p), mallocs()
	run()
	grown, more := mallocs()-before, ctlsOf(ev, p)-ctls
	requests := uint64(clients * depth * rounds)
	t.Logf("%s: %d requests, %d mallocs (%.5f each), %d epoll_ctl", mode, requests, grown, float64(grown)/float64(requests), more)
	if grown*100 >= requests || more != 0 {
		t.Errorf("%d mallocs and %d epoll_ctl in %d requests", grown, more, requests)
	}
	stop()
	ev.Post(func() { s.stop(os.Interrupt) })
	if err := <-ended; err != nil {
		t.Error(err)
	}
	ev.Close()
}

// ctlsOf asks on the loop, where the Poller lives.
func ctlsOf(ev *tevent.Context, p *linux.Poller) uint64 {
	n := make(chan uint64)
	ev.Post(func() { n <- p.Ctls() })
	return <-n
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// message is one round of a client.
func message(mode string) []byte {
	one := bytes.Repeat([]byte("echo"), 16)
	if mode == "framed" {
		binary.BigEndian.PutUint32(one, uint32(len(one)-4))
	}
	return bytes.Repeat(one, depth)
}

// drive opens the clients: warm runs a few rounds with them, run all of them,
// stop closes them.
func drive(t *testing.T, addr string, msg []byte) (warm, run, stop func()) {
	t.Helper()
	conns := make([]net.Conn, clients)
	for i := range conns {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conns[i] = c
	}
	all := func(rounds int) {
		var wg sync.WaitGroup
		for _, c := range conns {
			wg.Add(1)
			go func() {
				defer wg.Done()
				client(t, c, msg, rounds)
			}()
		}
		wg.Wait()
	}
	return func() { all(200) }, func() { all(rounds) }, func() {
		for _, c := range conns {
			c.Close()
		}
	}
}

// client sends a round, reads it back and compares it.
func client(t *testing.T, c net.Conn, msg []byte, rounds int) {
	back := make([]byte, len(msg))
	for range rounds {
		if _, err := c.Write(msg); err != nil {
			t.Error(err)
			return
		}
		if _, err := io.ReadFull(c, back); err != nil || !bytes.Equal(back, msg) {
			t.Errorf("came back wrong: %v", err)
			return
		}
	}
}
