// Await lets ordinary goroutines, each with a context.Context, call what runs on
// an event context.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("await: ", err)
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
	server := serve(ev, l) // holds the loop until it is dropped

	loop := make(chan error, 1)
	go func() { loop <- ev.Run(context.Background()) }()
	result, err := useGoroutines(dictionary{ev, l.Addr()})
	ev.Post(server.Drop)
	if e := <-loop; e != nil {
		return e
	}
	if err != nil {
		return err
	}
	fmt.Println("await:", result)
	return leaked(ev)
}

// dictionary is the door for goroutines. It is safe for concurrent use.
type dictionary struct {
	ev   *tevent.Context
	addr tsocket.Address
}

// Find blocks until the server has answered or ctx has ended.
func (d dictionary) Find(ctx context.Context, word string) (string, error) {
	return tevent.Await(ctx, d.ev, func() tevent.Req[string] {
		return lookUp(d.ev, d.addr, word).SetTimeout(10 * time.Second)
	})
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
