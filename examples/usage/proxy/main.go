// Proxy carries a large upload to a server that begins to read late: memory
// stays bounded, and each direction ends on its own.
package main

import (
	"errors"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// size is more than all the sockets on the way can hold together.
const size = 64 << 20

// loopback is a port that the system chooses.
var loopback = tsocket.Inet(netip.MustParseAddrPort("127.0.0.1:0"))

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("proxy: ", err)
	}
}

func run() error {
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	front, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	back, err := tsocket.Listen(ev, loopback)
	if err != nil {
		return err
	}
	return report(ev, front, back)
}

// report runs the upload and says what the proxy did for it.
func report(ev *tevent.Context, front, back *tsocket.Listener) error {
	u, waiting := upload(ev, front.Addr(), size), 0
	server := newUpstream(ev, back, func() { waiting = u.left })
	p := newProxy(ev, front, back.Addr())

	same, err := tevent.Wait(ev, u.Req().SetTimeout(30*time.Second))
	if err != nil {
		return err
	}
	if _, err := tevent.Wait(ev, server); err != nil {
		return err
	}
	if _, err := tevent.Wait(ev, p.Req()); err != nil {
		return err
	}
	if !same || waiting == 0 {
		return errors.New("the digest is wrong, or nobody had to wait")
	}
	fmt.Printf("proxy: %d bytes up, %d down, never more than %d held; the client waited for the server\n",
		p.up, p.down, p.held)
	return leaked(ev)
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
