package kernel

import (
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// BenchmarkEcho is one message to a peer and back over TCP: four transfers,
// four waits, and what the network does for them.
func BenchmarkEcho(b *testing.B) {
	n := New(1)
	p, q := n.Host(ip("10.0.0.1")).Proc("a", alone{n}), n.Host(ip("10.0.0.2")).Proc("b", alone{n})
	l, _ := q.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	q.Bind(l, inet("10.0.0.2:80"))
	q.Listen(l, 8)
	c, _ := p.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	p.Connect(c, inet("10.0.0.2:80"))
	n.Advance(n.Now() + soon)
	s, _, _ := q.Accept(l)
	here, there := p.Poller(), q.Poller()
	here.Add(c, 1, sys.Edge)
	there.Add(s, 1, sys.Edge)
	m, events := msg(make([]byte, 64)), make([]sys.Event, 8)
	b.ReportAllocs()
	for b.Loop() {
		p.Sendmsg(c, m)
		there.Wait(events, sys.Never)
		q.Recvmsg(s, m)
		q.Sendmsg(s, m)
		here.Wait(events, sys.Never)
		p.Recvmsg(c, m)
	}
}
