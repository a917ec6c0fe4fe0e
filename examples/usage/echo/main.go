// Echo is a server and its clients on one event context: a state struct for
// each connection, its steps in reading order, a loop that is a step.
package main

import (
	"fmt"
	"log"
	"net/netip"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("echo: ", err)
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
	server := serve(ev, l)
	answers, err := tevent.Wait(ev, askAll(ev, l.Addr()))
	if err != nil {
		return err
	}
	server.Drop()
	fmt.Printf("echo: %s\n", strings.Join(answers, ", "))
	return leaked(ev)
}

// askAll sends three words at a time, each through a connection of its own.
func askAll(ev *tevent.Context, addr tsocket.Address) tevent.Req[[]string] {
	var asked []tevent.Req[string]
	for _, word := range []string{"one", "two", "three"} {
		asked = append(asked, ask(ev, addr, word))
	}
	return tevent.All(ev, asked...).SetTimeout(10 * time.Second)
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
