package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// guest is a client of a simulated world: he says his name, some lines at a
// time of his own, and listens from a moment on that may never come.
type guest struct {
	tevent.Op[tevent.None]
	name  string
	lines int           // to say
	size  int           // of each, bytes
	pause time.Duration // between two of them
	deaf  time.Duration // before he listens; below 0: he never does
	rest  time.Duration // before he listens to the next line
	lone  bool          // he may never be told that the server has gone
	heard []string
	s     *tsocket.Stream
	said  int
}

// visit is the guest's whole stay, which ends when the server has closed.
func (g *guest) visit(ev *tevent.Context, addr tsocket.Address) tevent.Req[tevent.None] {
	g.Start(ev, "guest")
	tsocket.Connect(ev, addr).Then(g, g.connected)
	return g.Req()
}

func (g *guest) connected(s *tsocket.Stream) {
	g.s = s
	g.Own(s)
	s.Send([]byte(g.name+"\n")).Then(g, g.talk)
	if g.deaf >= 0 {
		tevent.Sleep(s.Context(), g.deaf).Then(g, g.listen)
	}
}

func (g *guest) talk(int) {
	if g.said == g.lines {
		return
	}
	tevent.Sleep(g.s.Context(), g.pause).Then(g, g.paused)
}

func (g *guest) paused(tevent.None) {
	line := fmt.Sprintf("%s says %d of %d ", g.name, g.said, g.lines)
	g.said++
	g.s.Send([]byte(line+strings.Repeat("x", max(0, g.size-len(line)))+"\n")).Then(g, g.talk)
}

func (g *guest) listen(tevent.None) { tevent.Handle(readv.PDU(g.s, said, nil), g, (*guest).hears) }

func (g *guest) hears(line []byte, err error) {
	if err != nil {
		g.Done(tevent.None{})
		return
	}
	g.heard = append(g.heard, strings.TrimSuffix(string(line), "\n"))
	if g.rest > 0 {
		tevent.Sleep(g.s.Context(), g.rest).Then(g, g.listen)
		return
	}
	g.listen(tevent.None{})
}

// account compares what two guests heard from the moment on at which both were
// there: the slow one has all of it, but for the gaps that he was told. It returns
// how many lines he lost.
func account(keen, slow []string) (lost int, err error) {
	at := 0
	for _, line := range slow {
		var n int
		if _, e := fmt.Sscanf(line, "* you were too slow: %d lines lost", &n); e == nil {
			lost += n
			at += n
			continue
		}
		if at >= len(keen) || keen[at] != line {
			return lost, fmt.Errorf("line %d is %.40q, want %.40q", at, line, strings.Join(keen[min(at, len(keen)):min(at+1, len(keen))], ""))
		}
		at++
	}
	if at != len(keen) {
		return lost, fmt.Errorf("%d of %d lines are accounted for", at, len(keen))
	}
	return lost, nil
}
