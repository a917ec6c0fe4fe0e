//go:build linux

// Command versus compares two echo servers in paired rounds: ours,
// examples/echo, with the one of package net.
//
//	go -C bench run ./versus            # examples/echo against bench/netecho
//	go -C bench run ./versus -aa        # control: bench/netecho against itself
//
// Server and load generator have a CPU each. A round runs both servers, one
// right after the other; the ratios are taken within the round, since the
// machine drifts between rounds. CPU time per request is the server process'
// clock, which goes on telling servers apart when the load generator is the
// one that saturates. Everything stays on the loopback interface.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// settings are the command line's.
type settings struct {
	rounds             int
	length             time.Duration // of one server's part of a round
	aa                 bool
	ours               string // a built server to take instead of examples/echo
	theirs             string // one to take instead of bench/netecho, run as ours is
	check              bool
	only               string
	serverCPU, loadCPU int
}

// scenario is one shape of load.
type scenario struct {
	name, mode         string
	size, conns, depth int
	lead               float64 // of requests/s that is promised
}

var scenarios = []scenario{
	{"echo 64 B x 64", "echo", 64, 64, 1, 1.05},
	{"echo 64 B x 64 x 16 deep", "echo", 64, 64, 16, 1.05},
	{"framed 256 B x 64 x 16 deep", "framed", 256, 64, 16, 1.05},
	{"udp 64 B x 16 x 4 deep", "udp", 64, 16, 4, 1.15},
}

func main() {
	var s settings
	flag.IntVar(&s.rounds, "rounds", 20, "paired rounds of each scenario")
	flag.DurationVar(&s.length, "length", 600*time.Millisecond, "measurement of one server in a round")
	flag.BoolVar(&s.aa, "aa", false, "control: compare their server with itself")
	flag.StringVar(&s.ours, "ours", "", "compare the server built at `PATH`, an older one say, instead of examples/echo")
	flag.StringVar(&s.theirs, "theirs", "", "compare with the server built at `PATH`, which takes the flags of examples/echo, instead of package net's")
	flag.BoolVar(&s.check, "check", false, "fail unless ours is ahead as the project promises")
	flag.StringVar(&s.only, "only", "", "run the scenarios that contain this `text`")
	flag.IntVar(&s.serverCPU, "server-cpu", 1, "the servers' `CPU`")
	flag.IntVar(&s.loadCPU, "load-cpu", 0, "the load generator's `CPU`")
	flag.Parse()
	runtime.LockOSThread() // children take their CPU from this thread and end with it
	if err := compare(s); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

func compare(s settings) error {
	dir, err := os.MkdirTemp("", "versus")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t, err := build(dir, s)
	if err != nil {
		return err
	}
	missed := 0
	for _, sc := range scenarios {
		if !strings.Contains(sc.name, s.only) {
			continue
		}
		pairs, err := t.play(s, sc)
		if err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
		sum := summarize(pairs)
		sum.print(sc, t.ours.name, t.theirs.name)
		if !sum.promised(sc) {
			missed++
		}
	}
	if s.check && missed > 0 {
		return fmt.Errorf("%d scenarios are not ahead in 3 of 4 rounds, by 5 %% (datagrams 15), with 15 %% less CPU and no worse p99", missed)
	}
	return nil
}
