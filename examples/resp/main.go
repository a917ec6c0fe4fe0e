// Resp is a Redis client that has many commands in flight on one connection: it
// sets, increments and gets a number of keys, each time comparing what comes
// back, and then compares what it did with what the server says was done.
//
//	redis-server --port 6379 --save '' &
//	go run ./examples/resp -addr 127.0.0.1:6379 -keys 100000
//
// Its keys begin with "tsocket:resp:" and are deleted at the end, unless -keep
// is given. Its status is 0 only if everything was as it has to be; if not, one
// line on standard error says why.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// settings are the command line's.
type settings struct {
	keys    int
	depth   int           // commands in flight
	timeout time.Duration // of the connect, and of each command
	keep    bool
}

func main() {
	var s settings
	addr := flag.String("addr", "127.0.0.1:6379", "`ADDR` of the server, HOST:PORT or unix:PATH")
	flag.IntVar(&s.keys, "keys", 100_000, "how many keys to set, increment and get")
	flag.IntVar(&s.depth, "pipeline", 512, "commands in flight")
	flag.DurationVar(&s.timeout, "timeout", 10*time.Second, "of the connect and of each command")
	flag.BoolVar(&s.keep, "keep", false, "leave the keys in the server")
	flag.Parse()
	if err := run(*addr, s); err != nil {
		fmt.Fprintln(os.Stderr, "resp:", err)
		os.Exit(1)
	}
}

func run(text string, s settings) error {
	if s.keys < 1 || s.depth < 1 {
		return fmt.Errorf("%d keys with %d commands in flight: want at least one of both", s.keys, s.depth)
	}
	addr, err := tsocket.ParseAddress(text)
	if err != nil {
		return err
	}
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	rep, err := tevent.Wait(ev, exercise(ev, addr, s, newBar()))
	if err != nil {
		return err
	}
	fmt.Println("resp:", rep)
	return nil
}
