// Drain is a server that gets SIGTERM in the middle of its work: newcomers are
// refused, who is there is served to the end, and who does not leave is cut off
// when the grace is over.
package main

import (
	"errors"
	"fmt"
	"log"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("drain: ", err)
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
	crowd := startCrowd(ev, l.Addr())
	counts, err := tevent.Wait(ev, serve(ev, l).SetTimeout(10*time.Second))
	if err != nil {
		return err
	}
	rounds, err := tevent.Wait(ev, crowd)
	if err != nil {
		return err
	}
	if _, err := tevent.Wait(ev, tsocket.Connect(ev, l.Addr())); !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("after the drain a connect ends with %v", err)
	}
	fmt.Printf("drain: %v; %d rounds, newcomers refused\n", counts, rounds)
	return leaked(ev)
}

// clients that leave after their rounds; one more stays.
const (
	clients = 3
	rounds  = 5
)

// crowd is done with the sum of all rounds when every client has gone.
type crowd struct {
	tevent.Op[int]
	sum  int
	live int
	busy int // clients in the middle of their rounds
}

func startCrowd(ev *tevent.Context, addr tsocket.Address) tevent.Req[int] {
	c := &crowd{live: clients + 1}
	c.Start(ev, "crowd")
	idle(ev, addr).Then(c, c.idled)
	for range clients {
		ping(ev, addr, rounds, c.told).Then(c, c.pinged)
	}
	return c.Req()
}

// told raises SIGTERM when every client is busy.
func (c *crowd) told(round int) {
	if round != 2 {
		return
	}
	c.busy++
	if c.busy == clients {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(syscall.SIGTERM)
		}
		c.Fail(err)
	}
}

func (c *crowd) idled(tevent.None) { c.gone(0) }

func (c *crowd) pinged(rounds int) { c.gone(rounds) }

func (c *crowd) gone(rounds int) {
	c.sum += rounds
	c.live--
	if c.live == 0 {
		c.Done(c.sum)
	}
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
