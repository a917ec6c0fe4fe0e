// Retry delivers messages to a server that is not there yet, and then breaks
// off: Handle lets each step decide, here for back-off and another connection.
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("retry: ", err)
	}
}

func run() error {
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	addr, err := tsocket.Unix(fmt.Sprint("@tsocket-retry-", os.Getpid()))
	if err != nil {
		return err
	}
	server := startLate(ev, addr)
	result, err := tevent.Wait(ev, deliver(ev, addr, 5).SetTimeout(10*time.Second))
	if err != nil {
		return err
	}
	server.Drop()
	fmt.Println("retry:", result)
	return leaked(ev)
}

// leaked is an error if the books of ev hold anything.
func leaked(ev *tevent.Context) error {
	for it := range ev.Items() {
		return fmt.Errorf("leaked: %s", it)
	}
	return nil
}
