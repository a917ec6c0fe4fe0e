package tcp_test

import (
	"testing"

	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestPathIsTheBootstrapItself(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	x, y, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	e := func() *precon.Endpoint {
		return precon.NewEndpoint(ev, precon.Config{Archs: []precon.Arch{tcp.Arch{}}})
	}
	ra, rb := e().Negotiate(x, true), e().Negotiate(y, false)
	a, err := tevent.Wait(ev, ra)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := tevent.Wait(ev, rb)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if a.Stream() != x || b.Stream() != y {
		t.Error("other streams than the bootstrap")
	}
	if a.Plan().Path != "tcp" || b.Plan().Path != "tcp" {
		t.Error(a.Plan(), b.Plan())
	}
}
