package tsocket_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestSteadyStateNeedsNoEpollCtl(t *testing.T) {
	k := linux.NewKernel()
	p, err := linux.NewPoller(k)
	must(t, err)
	ev := tevent.NewOn(k, p, linux.NewHost(1))
	teventtest.Watch(t, ev)
	a, b := tcpPair(t, ev)
	closing(t, a, b)
	round := func() {
		w := a.Writev(make([]byte, 1000))
		r := b.Peek(1000)
		done(t, ev, w)
		b.Consume(len(done(t, ev, r)))
		s := b.Send(make([]byte, 100))
		done(t, ev, a.Readv(make([]byte, 100)))
		done(t, ev, s)
	}
	round()
	before := p.Ctls()
	for range 100 {
		round()
	}
	if n := p.Ctls() - before; n != 0 {
		t.Errorf("%d calls of epoll_ctl in 100 rounds", n)
	}
}
