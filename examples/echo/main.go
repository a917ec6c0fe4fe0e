// Echo is the smallest server: it sends back what it receives, byte for byte,
// frame by frame or datagram by datagram, on as many loops as it is told, and
// drains on SIGINT and SIGTERM.
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

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/debug"
	"github.com/tsocket-go/tsocket/tsocket"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7007", "address to listen on, HOST:PORT or unix:PATH")
	mode := flag.String("mode", "echo", "echo: bytes; framed: 4-byte big-endian length and body; udp: datagrams")
	loops := flag.Int("loops", 1, "event contexts, which share the port")
	page := flag.String("debug", "", "address of a page that shows the loops, HOST:PORT; without HOST loopback")
	flag.Parse()
	if err := run(*addr, *mode, *loops, *page); err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
}

// server is what runs on one loop.
type server interface {
	context() *tevent.Context
	addr() tsocket.Address
	done() counts
}

// modes open a server at an address, which others may share.
var modes = map[string]func(ev *tevent.Context, addr tsocket.Address, shared bool) (server, error){
	"echo":   listen(serveBytes),
	"framed": listen(serveFrames),
	"udp":    openDatagrams,
}

// run serves until every loop has drained.
func run(text, mode string, loops int, page string) error {
	addr, err := tsocket.ParseAddress(text)
	if err != nil {
		return err
	}
	open, ok := modes[mode]
	if !ok || loops < 1 {
		return fmt.Errorf("mode %q with %d loops: want echo, framed or udp, and at least one", mode, loops)
	}
	servers := make([]server, loops)
	g := tevent.NewGroup(loops)
	g.Each(func(i int, ev *tevent.Context) error {
		s, err := open(ev, addr, loops > 1)
		if err != nil {
			return err
		}
		addr = s.addr() // the others share the port that was chosen
		servers[i] = s
		return nil
	})
	g.Each(func(i int, _ *tevent.Context) error {
		if i < loops-1 {
			return nil
		}
		fmt.Println("listening on", addr)
		return show(servers, page)
	})
	if err := g.Run(context.Background()); err != nil {
		return err
	}
	var all counts
	for _, s := range servers {
		all.add(s.done())
	}
	fmt.Println("drained:", all)
	return nil
}

// show serves a page that shows the loops until the program ends, if it is asked for.
func show(servers []server, page string) error {
	if page == "" {
		return nil
	}
	l, err := debug.Listen(page)
	if err != nil {
		return err
	}
	d := debug.New(debug.Config{})
	for i, s := range servers {
		d.Add(fmt.Sprintf("loop %d", i), s.context())
	}
	fmt.Printf("debug page at http://%s/\n", l.Addr())
	go http.Serve(l, d)
	return nil
}
