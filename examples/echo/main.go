// Echo is the smallest server: it sends back what it receives, byte for byte or
// frame by frame, on as many loops as it is told, and drains on SIGINT and
// SIGTERM.
//
//	go run ./examples/echo -addr 127.0.0.1:7007 -mode framed -loops 2
//
// With -debug 127.0.0.1:6060 a browser sees there what the loops do.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/debug"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7007", "address to listen on, HOST:PORT or unix:PATH")
	mode := flag.String("mode", "echo", "echo: bytes; framed: 4-byte big-endian length and body")
	loops := flag.Int("loops", 1, "event contexts, which share the port")
	page := flag.String("debug", "", "address of a page that shows the loops, HOST:PORT; without HOST loopback")
	flag.Parse()
	if err := run(*addr, *mode, *loops, *page); err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
}

// run serves until every loop has drained.
func run(text, mode string, loops int, page string) error {
	addr, err := tsocket.ParseAddress(text)
	if err != nil {
		return err
	}
	serve, ok := modes[mode]
	if !ok || loops < 1 {
		return fmt.Errorf("mode %q with %d loops: want echo or framed, and at least one", mode, loops)
	}
	servers := make([]*server, loops)
	for i := range servers {
		if servers[i], err = open(addr, serve, loops > 1); err != nil {
			return err
		}
		addr = servers[i].l.Addr() // the others share the port that was chosen
	}
	fmt.Println("listening on", addr)
	if page != "" {
		if err := show(servers, page); err != nil {
			return err
		}
	}
	return runAll(servers)
}

// open is a server on a context of its own.
func open(addr tsocket.Address, serve service, share bool) (*server, error) {
	ev, err := tevent.New()
	if err != nil {
		return nil, err
	}
	l, err := tsocket.ListenConfig{ReusePort: share}.Listen(ev, addr)
	if err != nil {
		return nil, err
	}
	return newServer(ev, l, serve), nil
}

// show serves a page that shows the loops until the program ends.
func show(servers []*server, page string) error {
	l, err := debug.Listen(page)
	if err != nil {
		return err
	}
	d := debug.New(debug.Config{})
	for i, s := range servers {
		d.Add(fmt.Sprintf("loop %d", i), s.ev)
	}
	fmt.Printf("debug page at http://%s/\n", l.Addr())
	go http.Serve(l, d)
	return nil
}

// runAll runs each loop on a goroutine and prints what they served.
func runAll(servers []*server) error {
	var wg sync.WaitGroup
	errs := make([]error, len(servers))
	for i, s := range servers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = s.ev.Run(context.Background())
		}()
	}
	wg.Wait()
	var all counts
	for i, s := range servers {
		all.add(s.counts)
		if errs[i] != nil {
			return errs[i]
		}
	}
	fmt.Println("drained:", all)
	return nil
}
