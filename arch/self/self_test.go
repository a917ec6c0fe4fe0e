package self_test

import (
	"bytes"
	"testing"

	"github.com/tsocket-go/tsocket/arch/self"
	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestNoOtherEndpointIsReachedThisWay(t *testing.T) {
	ev := teventtest.New(t)
	a := self.Arch{}
	if _, err := a.Offer(precon.Local{}); err == nil {
		t.Error("offered")
	}
	if a.Init(precon.Pair{}) == nil {
		t.Error("not refused")
	}
	if _, err := tevent.Wait(ev, a.Begin(ev, precon.Pair{}, nil)); err == nil {
		t.Error("begun")
	}
}

func TestBothEndsAreConnectedAndBounded(t *testing.T) {
	ev := teventtest.New(t)
	a, b := self.Arch{Buffer: 100}.Loop(ev)
	defer a.Close()
	defer b.Close()
	w := a.Send(make([]byte, 101))
	for range 3 {
		ev.SetWaitTimeout(0)
		if err := ev.LoopOnce(); err != nil {
			t.Fatal(err)
		}
	}
	if !w.InProgress() {
		t.Error("101 bytes went into a buffer of 100")
	}
	if n, err := tevent.Wait(ev, b.Readv(make([]byte, 101))); n != 101 || err != nil {
		t.Error(n, err)
	}
	if n, err := tevent.Wait(ev, w); n != 101 || err != nil {
		t.Error(n, err)
	}
}

// The whole way: a dial to the own listener, with more data than fit the buffer.
func TestEndpointTalksToItself(t *testing.T) {
	ev := teventtest.New(t)
	e := precon.NewEndpoint(ev, precon.Config{Name: "one", Archs: []precon.Arch{self.Arch{Buffer: 1000}, tcp.Arch{}}})
	addr, err := tsocket.ParseAddress("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := e.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d, acc := e.Dial(l.Addr()), l.Accept()
	a, err := tevent.Wait(ev, d)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := tevent.Wait(ev, acc)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	sent, got := bytes.Repeat([]byte("0123456789"), 1000), make([]byte, 10000)
	a.Stream().Send(sent).Ignore()
	if _, err := tevent.Wait(ev, b.Stream().Readv(got)); err != nil || !bytes.Equal(got, sent) {
		t.Error("other bytes arrived", err)
	}
	if a.Plan().Path != "self" || !a.Plan().Active || b.Plan().Path != "self" || b.Plan().Active {
		t.Error(a.Plan(), b.Plan())
	}
}
