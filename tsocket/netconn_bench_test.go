//go:build linux

package tsocket_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Bridges beside package net, over TCP: look at the ratios.
func BenchmarkNetConn(b *testing.B) {
	for _, c := range []struct {
		name string
		pipe func(b *testing.B) (near, far net.Conn)
	}{{"net", netOverTCP}, {"bridge", bridgeOverTCP}} {
		b.Run("pingpong/"+c.name, func(b *testing.B) {
			near, far := c.pipe(b)
			pingpong(b, near, far)
		})
		b.Run("bulk/"+c.name, func(b *testing.B) {
			near, far := c.pipe(b)
			bulk(b, near, far)
		})
	}
}

func netOverTCP(b *testing.B) (near, far net.Conn) { return netPipe(b, "tcp", "127.0.0.1:0") }

// bridgeOverTCP is a bridge and one of net's at the other end.
func bridgeOverTCP(b *testing.B) (near, far net.Conn) {
	ev := teventtest.Open(b)
	l := tsocket.NetListener(listen(b, ev, address(b, "127.0.0.1:0")))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = ev.Serve(ctx)
	}()
	far, err := net.Dial("tcp", l.Addr().String())
	must(b, err)
	near, err = l.Accept()
	must(b, err)
	b.Cleanup(func() {
		_ = far.Close()
		_ = near.Close()
		_ = l.Close()
		stop()
		<-ended
		_ = ev.Close()
	})
	return near, far
}

func pingpong(b *testing.B, near, far net.Conn) {
	wait := later(func() { _, _ = io.Copy(struct{ io.Writer }{far}, struct{ io.Reader }{far}) })
	buf := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := near.Write(buf); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(near, buf); err != nil {
			b.Fatal(err)
		}
	}
	_ = near.Close()
	wait()
}

// bulk sends and receives blocks of 64 KiB through near.
func bulk(b *testing.B, near, far net.Conn) {
	wait := later(func() { _, _ = io.Copy(struct{ io.Writer }{far}, struct{ io.Reader }{far}) })
	const size = 64 << 10
	b.SetBytes(size)
	reading := later(func() {
		buf := make([]byte, size)
		for {
			if _, err := near.Read(buf); err != nil {
				return
			}
		}
	})
	buf := make([]byte, size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := near.Write(buf); err != nil {
			b.Fatal(err)
		}
	}
	_ = near.Close()
	reading()
	wait()
}
