// Dns asks a name server and prints the answers as dig +short does.
//
//	go run ./examples/dns -server 127.0.0.1:53 example.org www.example.org
//	go run ./examples/dns -server 127.0.0.1 -type PTR 192.0.2.1
//	go run ./examples/dns -server 127.0.0.1 -type MX -f names.txt -json
//
// Many questions are in flight at a time. Each goes out by UDP, again and again
// until there is an answer or -timeout has passed; an answer that does not fit
// into a datagram is fetched by TCP. What is not the answer to the question, from
// the server that was asked, is ignored, and the wait goes on: the numbers by which
// an answer is known cannot be guessed.
//
// Answers come in the order of the names. What goes wrong with a name is a line
// on standard error, and the status is 1 then; a name without a record of the type
// is nothing wrong, and has no line.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// settings are the command line's.
type settings struct {
	server   tsocket.Address
	timeout  time.Duration // of each name
	parallel int           // questions in flight
	kind     string        // of the records
	json     bool
}

// errTold ends the program after the lines that say what went wrong.
var errTold = errors.New("some names have no answer")

func main() {
	var s settings
	server := flag.String("server", "127.0.0.1", "`ADDR` of the name server: HOST or HOST:PORT, in numbers")
	file := flag.String("f", "", "read names from `FILE`, one a line; - is standard input")
	flag.StringVar(&s.kind, "type", "A", "of the records: A, AAAA, CNAME, MX, NS, PTR, TXT")
	flag.DurationVar(&s.timeout, "timeout", 5*time.Second, "how long to try, for each name")
	flag.IntVar(&s.parallel, "parallel", 64, "questions in flight")
	flag.BoolVar(&s.json, "json", false, "print one JSON object for each name")
	flag.Parse()
	if err := run(*server, *file, flag.Args(), s); err != nil {
		if !errors.Is(err, errTold) {
			fmt.Fprintln(os.Stderr, "dns:", err)
		}
		os.Exit(1)
	}
}

func run(server, file string, names []string, s settings) error {
	var err error
	if s.server, err = parseServer(server); err != nil {
		return err
	}
	if file != "" {
		more, err := readNames(file)
		if err != nil {
			return err
		}
		names = append(names, more...)
	}
	if _, ok := types[s.kind]; !ok || len(names) == 0 || s.timeout <= 0 || s.parallel < 1 || s.parallel > maxParallel {
		return fmt.Errorf("%d names, type %s, %v, %d at a time: see -help", len(names), s.kind, s.timeout, s.parallel)
	}
	ev, err := tevent.New()
	if err != nil {
		return err
	}
	defer ev.Close()
	failed, err := tevent.Wait(ev, lookUp(ev, names, s, printer{os.Stdout, os.Stderr, s.json}))
	if err == nil && failed > 0 {
		err = errTold
	}
	return err
}

// parseServer takes an address without a port too.
func parseServer(text string) (tsocket.Address, error) {
	if ip, err := netip.ParseAddr(text); err == nil {
		return tsocket.Inet(netip.AddrPortFrom(ip, 53)), nil
	}
	addr, err := tsocket.ParseAddress(text)
	if err == nil && addr.IsUnix() {
		err = fmt.Errorf("%s: no name server is there", addr)
	}
	return addr, err
}

func readNames(file string) (names []string, err error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if name := strings.TrimSpace(lines.Text()); name != "" {
			names = append(names, name)
		}
	}
	return names, lines.Err()
}
