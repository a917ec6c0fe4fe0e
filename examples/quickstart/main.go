// Quickstart shows the library's main job in one command: it starts a server and
// a client as two processes, lets them negotiate the best path both have, sends
// a file there and back through a send queue, and tells how it went.
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -listen 127.0.0.1:7007     # one half …
//	go run ./examples/quickstart -dial 127.0.0.1:7007       # … and the other
//
// Its status is 0 only if the file came back as it was sent and nothing leaked.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

// settings are the command line's.
type settings struct {
	listen, dial string
	file         string
	json         bool
	leak         bool
	timeout      time.Duration
}

func main() {
	var s settings
	flag.StringVar(&s.listen, "listen", "", "be the server at `ADDR`: HOST:PORT or unix:PATH; it serves one client")
	flag.StringVar(&s.dial, "dial", "", "be the client of the server at `ADDR`")
	flag.StringVar(&s.file, "file", "", "the file to send; this program if none is named")
	flag.BoolVar(&s.json, "json", false, "print one JSON object on the last line")
	flag.BoolVar(&s.leak, "leak", false, "leak something on purpose, to see it found")
	flag.DurationVar(&s.timeout, "timeout", 10*time.Second, "for the negotiation, and for each step without progress")
	flag.Parse()
	if err := run(s); err != nil {
		if !errors.Is(err, errTold) {
			fmt.Fprintln(os.Stderr, "quickstart:", err)
		}
		os.Exit(1)
	}
}

func run(s settings) error {
	if s.file == "" {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		s.file = self
	}
	switch {
	case s.listen != "" && s.dial != "":
		return fmt.Errorf("-listen and -dial are two halves; name one")
	case s.listen != "":
		return runServer(s)
	case s.dial != "":
		return runClient(s)
	}
	return runBoth(s)
}
