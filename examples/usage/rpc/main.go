// Rpc has many calls in flight on one connection, matched by id, each with a
// deadline of its own. A reply that comes too late is nobody's.
package main

import (
	"errors"
	"fmt"
	"log"
	"net/netip"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("rpc: ", err)
	}
}

func run() error {
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	t := tryOut(ev, l)
	if _, err := tevent.Wait(ev, t.Req().SetTimeout(10*time.Second)); err != nil {
		return err
	}
	fmt.Printf("rpc: %d calls at once: %d answered, %d timed out; %d late replies were nobody's\n",
		calls, t.answered, t.timedOut, t.client.late)
	return leaked(ev)
}

const calls = 1000

// trial makes the calls, every tenth of them too slow for its caller.
type trial struct {
	tevent.Op[tevent.None]
	l                  *tsocket.Listener
	client             *client
	answered, timedOut int
}

func tryOut(ev *tevent.Context, l *tsocket.Listener) *trial {
	t := &trial{l: l}
	t.Start(ev, "trial")
	t.Own(l)
	l.Accept().Then(t, t.accepted)
	tsocket.Connect(ev, l.Addr()).Then(t, t.connected)
	return t
}

func (t *trial) accepted(s *tsocket.Stream) { serve(s).Then(t, nil) }

func (t *trial) connected(s *tsocket.Stream) {
	t.client = newClient(s.Context(), s)
	t.client.Req().Then(t, t.closed)
	for i := range calls {
		body, timeout := fmt.Sprint("fast ", i), 10*time.Second
		if i%10 == 0 {
			body, timeout = "slow", slow/10
		}
		t.client.Call(body).SetTimeout(timeout).Handle(t, t.called)
	}
}

func (t *trial) called(body []byte, err error) {
	switch {
	case err == nil:
		t.answered++
	case errors.Is(err, os.ErrDeadlineExceeded):
		t.timedOut++
	default:
		t.Fail(err)
		return
	}
	if t.answered+t.timedOut == calls {
		t.client.close()
	}
}

func (t *trial) closed(tevent.None) { t.Done(tevent.None{}) }

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
