//go:build linux

// Command load drives an echo server in a closed loop: each connection keeps
// -depth requests under way, sends the next when a reply is complete, and
// compares every byte that comes back. A datagram that is not answered in time is
// sent again. It prints one JSON object; its status
// is 0 only if there were no errors.
//
//	load -addr 127.0.0.1:7000 -conns 64 -size 64 -depth 16 -duration 1s -mode echo
//
// One thread, one epoll descriptor, system calls without the runtime's poller,
// sixteen transfers in each where there is io_uring, and no allocation per request,
// so that the server is what saturates.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// config is what is asked for on the command line.
type config struct {
	addr     string
	conns    int
	size     int // bytes of a message, without the header of a frame
	depth    int
	framed   bool
	udp      bool
	warmup   time.Duration // requests that complete before are not rated
	duration time.Duration
	count    int64 // requests in all, 0 is no limit
}

// report is what is printed. Requests and Errors count everything, the other
// figures the time between warm-up and end.
type report struct {
	Requests int64   `json:"requests"`
	Errors   int     `json:"errors"`
	Again    int64   `json:"again"` // datagrams that were sent once more
	Seconds  float64 `json:"seconds"`
	PerSec   float64 `json:"req_per_s"`
	P50      float64 `json:"p50_us"`
	P99      float64 `json:"p99_us"`
	Busy     float64 `json:"load_busy"` // share of the time in which it had something to do
}

func main() {
	debug.SetGCPercent(-1)
	c, err := parse()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(2)
	}
	drive := run
	if c.udp {
		drive = runDatagrams
	}
	r, err := drive(c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
	}
	json.NewEncoder(os.Stdout).Encode(r)
	if err != nil || r.Errors > 0 {
		os.Exit(1)
	}
}

func parse() (config, error) {
	var c config
	var mode string
	flag.StringVar(&c.addr, "addr", "", "the server, `HOST:PORT`")
	flag.IntVar(&c.conns, "conns", 1, "connections")
	flag.IntVar(&c.size, "size", 64, "bytes in a message")
	flag.IntVar(&c.depth, "depth", 1, "requests under way on each connection")
	flag.StringVar(&mode, "mode", "echo", "echo; framed: 4 bytes big-endian length before each message; udp: datagrams")
	flag.DurationVar(&c.warmup, "warmup", 100*time.Millisecond, "time before the measurement")
	flag.DurationVar(&c.duration, "duration", time.Second, "time to measure")
	flag.Int64Var(&c.count, "count", 0, "stop after so many requests (0: only by time)")
	flag.Parse()
	c.framed, c.udp = mode == "framed", mode == "udp"
	switch {
	case c.addr == "":
		return c, fmt.Errorf("-addr is missing")
	case mode != "echo" && !c.framed && !c.udp:
		return c, fmt.Errorf("-mode %s: want echo, framed or udp", mode)
	case c.udp && c.size < numbered:
		return c, fmt.Errorf("-size of a datagram starts at %d", numbered)
	case c.conns < 1 || c.size < 1 || c.depth < 1:
		return c, fmt.Errorf("-conns, -size and -depth start at 1")
	}
	return c, nil
}
