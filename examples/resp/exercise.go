package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// bunch is how many keys are deleted by one command.
const bunch = 100

func key(i int) string { return "tsocket:resp:" + strconv.Itoa(i) }

// names are a command about n keys from first on.
func names(command string, first, n int) []string {
	args := []string{command}
	for i := range n {
		args = append(args, key(first+i))
	}
	return args
}

var (
	clearing = phase{"DEL", bunch,
		func(first, n int) []string { return names("DEL", first, n) },
		func(_, n int, v value) bool { return v.kind == ':' && 0 <= v.n && v.n <= int64(n) }}
	setting = phase{"SET", 1,
		func(i, _ int) []string { return []string{"SET", key(i), strconv.Itoa(i)} },
		func(_, _ int, v value) bool { return v.kind == '+' && v.text == "OK" }}
	counting = phase{"INCR", 1,
		func(i, _ int) []string { return []string{"INCR", key(i)} },
		func(i, _ int, v value) bool { return v.kind == ':' && v.n == int64(i)+1 }}
	getting = phase{"GET", 1,
		func(i, _ int) []string { return []string{"GET", key(i)} },
		func(i, _ int, v value) bool { return v.kind == '$' && v.text == strconv.Itoa(i+1) }}
)

// exercising does it all, in the order of its steps. The server's own counts are
// asked before and behind the three phases that are measured.
type exercising struct {
	tevent.Op[report]
	ev     *tevent.Context
	s      settings
	bar    *bar
	c      *client
	before census
	rep    report
}

func exercise(ev *tevent.Context, addr tsocket.Address, s settings, b *bar) tevent.Req[report] {
	x := &exercising{ev: ev, s: s, bar: b, rep: report{keys: s.keys}}
	x.Start(ev, "exercise")
	tsocket.Connect(ev, addr).SetTimeout(s.timeout).Then(x, x.connected)
	return x.Req()
}

func (x *exercising) connected(s *tsocket.Stream) {
	x.c = newClient(s)
	x.c.Req().Then(x, nil)
	x.c.Do(encode("PING")).SetTimeout(x.s.timeout).Then(x, x.greeted)
}

func (x *exercising) greeted(v value) {
	if v.text != "PONG" {
		x.Fail(fmt.Errorf("PING: the server answers %s", v))
		return
	}
	x.walk(clearing).Then(x, x.cleared)
}

func (x *exercising) walk(p phase) tevent.Req[time.Duration] { return walkKeys(x.c, p, x.s, x.bar) }

func (x *exercising) cleared(time.Duration) { takeCensus(x.c, x.s).Then(x, x.counted) }

func (x *exercising) counted(c census) {
	x.before = c
	x.walk(setting).Then(x, x.set)
}

func (x *exercising) set(d time.Duration) {
	x.rep.set = d
	x.walk(counting).Then(x, x.incremented)
}

func (x *exercising) incremented(d time.Duration) {
	x.rep.incr = d
	x.walk(getting).Then(x, x.got)
}

func (x *exercising) got(d time.Duration) {
	x.rep.get = d
	takeCensus(x.c, x.s).Then(x, x.recounted)
}

func (x *exercising) recounted(c census) {
	x.rep.server = c.since(x.before)
	if x.Fail(x.rep.server.check(x.s.keys)) {
		return
	}
	samples := encode("MGET", key(0), key(x.s.keys), key(x.s.keys-1))
	x.c.Do(samples).SetTimeout(x.s.timeout).Then(x, x.sampled)
}

// sampled has the first key, one that there is not, and the last.
func (x *exercising) sampled(v value) {
	if len(v.list) != 3 || v.list[0].text != "1" || v.list[1].kind != 0 || v.list[2].text != strconv.Itoa(x.s.keys) {
		x.Fail(fmt.Errorf("MGET of three samples: the server answers %s", v))
		return
	}
	if x.s.keep {
		x.Done(x.rep)
		return
	}
	x.walk(clearing).Then(x, x.left)
}

func (x *exercising) left(time.Duration) { x.Done(x.rep) }
