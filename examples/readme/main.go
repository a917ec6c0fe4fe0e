// Readme is the program of the README, with the server that it talks to.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	ev, err := tevent.New()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	l, err := tsocket.Listen(ev, loopback)
	if err != nil {
		log.Fatal(err)
	}
	server := serve(ev, l)
	if err := use(ev, l.Addr(), server); err != nil {
		log.Fatal(err)
	}
	for it := range ev.Items() {
		log.Fatal("leaked: ", it)
	}
}

// use calls Greet in each of the three ways.
func use(ev *tevent.Context, addr tsocket.Address, server tevent.Req[tevent.None]) error {
	reply, err := tevent.Wait(ev, Greet(ev, addr).SetTimeout(time.Second))
	if err != nil {
		return err
	}
	fmt.Println("once:", reply)

	replies, err := tevent.Wait(ev, tevent.All(ev, Greet(ev, addr), Greet(ev, addr)))
	if err != nil {
		return err
	}
	fmt.Println("twice at the same time:", replies)

	go func() {
		defer ev.Post(server.Drop) // then nothing is left that could happen, and Run returns
		reply, err := tevent.Await(context.Background(), ev, func() tevent.Req[string] { return Greet(ev, addr) })
		fmt.Println("from a goroutine:", reply, err)
	}()
	return ev.Run(context.Background())
}
