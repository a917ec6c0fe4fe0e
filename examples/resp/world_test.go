package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

const place = "10.0.0.1:6379"

// visit is one run against a stand-in in a world.
type visit struct {
	w      *sim.World
	d      *standin
	client *sim.Proc
	rep    report
	err    error
}

func newVisit(w *sim.World, s settings) *visit {
	v := &visit{w: w, d: &standin{keys: map[string]int64{}, counts: map[string]int{}}}
	addr, _ := tsocket.ParseAddress(place)
	w.Watch(oracle.All()...)
	a, b := w.Host("10.0.0.1"), w.Host("10.0.0.2")
	a.Go("server", func(ev *tevent.Context) { _ = v.d.serve(ev, addr) })
	v.client = b.Go("client", func(ev *tevent.Context) {
		_, v.err = tevent.Wait(ev, tevent.Sleep(ev, time.Second)) // the server is there by then
		if v.err == nil {
			v.rep, v.err = tevent.Wait(ev, exercise(ev, addr, s, &bar{}))
		}
	})
	return v
}

func TestManyCommandsShareASystemCall(t *testing.T) {
	w := sim.Test(t)
	v := newVisit(w, settings{keys: 2000, depth: 100, timeout: time.Minute, keep: true})
	if err := w.RunUntil(v.client.Exited); err != nil || v.err != nil {
		t.Fatal(err, v.err)
	}
	if want := (census{2000, 2000, 2000, 2000}); v.rep.server != want || len(v.d.keys) != 2000 || v.d.keys[key(1999)] != 2000 {
		t.Errorf("%v, keys %d", v.rep, len(v.d.keys))
	}
	for _, c := range w.Calls() {
		if c.Proc == "client" && c.Call == "Sendmsg" && c.N > 6000/10 {
			t.Errorf("%d Sendmsg for 6000 commands", c.N)
		}
	}
}

// TestMoreCommandsThanTheQueueHoldsWaitForRoom has them all in flight, as far as
// they go.
func TestMoreCommandsThanTheQueueHoldsWaitForRoom(t *testing.T) {
	w := sim.Test(t)
	w.Inject(sim.Plan{{Kind: sim.Buffers, N: 4096}})
	v := newVisit(w, settings{keys: 3000, depth: 3000, timeout: time.Minute})
	if err := w.RunUntil(v.client.Exited); err != nil || v.err != nil {
		t.Error(err, v.err)
	}
}

func TestAServerThatIsWrongIsFoundOut(t *testing.T) {
	seed := sim.Seed(t)
	for _, c := range []struct{ command, answer, want string }{
		{"PING", "+PENG\r\n", `PING: the server answers "PENG"`},
		{"DEL", ":4\r\n", "DEL of key 0: the server answers 4"},
		{"SET", "$-1\r\n", "SET of key 0: the server answers nil"},
		{"INCR", ":2\r\n", "INCR of key 0: the server answers 2"},
		{"GET", "$1\r\n1\r\n", `GET of key 1: the server answers "1"`},
		{"GET", "-ERR no\r\n", "GET of key 0: the server says: ERR no"},
		{"MGET", "*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n", "MGET of three samples: the server answers an array of 3"},
		{"MGET", "*1\r\n$1\r\n1\r\n", "MGET of three samples: the server answers an array of 1"},
		{"DBSIZE", "+1\r\n", "DBSIZE: the server answers"},
		{"DBSIZE", ":1\r\n", "3 keys were set, incremented and read, but the server counts 0 more keys, 3 SET, 3 INCR, 3 GET"},
		{"INFO", "$0\r\n\r\n", "the server counts 3 more keys, 0 SET, 0 INCR, 0 GET"},
	} {
		w := sim.New(seed)
		v := newVisit(w, settings{keys: 3, depth: 2, timeout: time.Minute})
		v.d.lie, v.d.answer = c.command, c.answer
		if err := w.RunUntil(v.client.Exited); err != nil || v.err == nil || !strings.Contains(v.err.Error(), c.want) {
			t.Errorf("%s: %v, %v, want %s", c.command, err, v.err, c.want)
		}
		w.Close()
	}
}

// draw is a plan without interruptions for ever, which make a hundred calls of
// each.
func draw(seed uint64, procs ...string) sim.Plan {
	return slices.DeleteFunc(sim.Draw(seed, procs...), func(f sim.Fault) bool { return f.Kind == sim.Interrupted && f.On })
}

// TestWhateverGoesWrongTheRunIsRightOrSaysWhyNot has worlds of all kinds of
// faults: either everything is as it has to be, or there is an error; nothing
// hangs and nothing is left.
func TestWhateverGoesWrongTheRunIsRightOrSaysWhyNot(t *testing.T) {
	const worlds = 200
	seed := sim.Seed(t)
	well := 0
	for i := range uint64(worlds) {
		if t.Failed() {
			return
		}
		w := sim.New(seed + i)
		w.Inject(draw(seed+i, "server", "client"))
		v := newVisit(w, settings{keys: 50, depth: 8, timeout: 5 * time.Second})
		err := w.RunFor(time.Minute)
		if err == nil {
			err = oracle.Settles(w, 10*time.Minute, v.client.Exited)
		}
		switch {
		case err != nil:
			t.Errorf("world %d: %v", i, err)
		case v.err == nil && v.client.Exited() && v.rep.keys == 50:
			well++
			if want := (census{50, 50, 50, 50}); v.rep.server != want || len(v.d.keys) != 0 {
				t.Errorf("world %d: %v, %d keys left", i, v.rep, len(v.d.keys))
			}
		}
		w.Close()
	}
	t.Logf("%d of %d worlds went well", well, worlds)
	if well == 0 || well == worlds {
		t.Errorf("%d of %d worlds went well: that proves nothing", well, worlds)
	}
}

// meet has one client and a server that says fixed words.
func meet(t *testing.T, words string, leave bool, use func(ev *tevent.Context, addr tsocket.Address) error) error {
	t.Helper()
	w := sim.Test(t)
	w.Watch(oracle.All()...)
	var failed error
	w.Host("10.0.0.1").Go("both", func(ev *tevent.Context) {
		addr, _ := tsocket.ParseAddress(place)
		l, err := tsocket.Listen(ev, addr)
		if err != nil {
			panic(err)
		}
		told := tell(ev, l, words, leave)
		failed = use(ev, addr)
		_, _ = tevent.Wait(ev, told)
	})
	if err := w.Run(); err != nil {
		t.Error(err)
	}
	return failed
}

func TestABadServerIsOneLine(t *testing.T) {
	for _, c := range []struct {
		name, words string
		leave       bool
		want        string
	}{
		{"speaks HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", false, `does not speak RESP: a reply begins with "H"`},
		{"wants a password", "-NOAUTH Authentication required.\r\n", false, "the server says: NOAUTH Authentication required."},
		{"goes away", "", true, "the server closed the connection"},
		{"goes away inside of a reply", "$5\r\nhel", true, "the server closed the connection"},
		{"answers something else", "+OK\r\n", false, `PING: the server answers "OK"`},
		{"falls silent", "+PONG\r\n", false, "DEL of key 0: "},
		{"says too much", "$99999999\r\n", false, "99999999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := meet(t, c.words, c.leave, func(ev *tevent.Context, addr tsocket.Address) error {
				_, err := tevent.Wait(ev, exercise(ev, addr, settings{keys: 3, depth: 2, timeout: time.Second}, &bar{}))
				return err
			})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want a line with %s", err, c.want)
			}
		})
	}
}

// connecting makes a client and gives it to use, whose request ends it.
type connecting struct {
	tevent.Op[tevent.None]
	use func(x *connecting, c *client)
}

func withClient(ev *tevent.Context, addr tsocket.Address, use func(x *connecting, c *client)) error {
	x := &connecting{use: use}
	x.Start(ev, "connect")
	tsocket.Connect(ev, addr).Then(x, x.connected)
	_, err := tevent.Wait(ev, x.Req())
	return err
}

func (x *connecting) connected(s *tsocket.Stream) {
	c := newClient(s)
	c.Req().Then(x, nil)
	x.use(x, c)
}

func TestAReplyThatNobodyAskedForEndsTheConnection(t *testing.T) {
	err := meet(t, ":1\r\n", false, func(ev *tevent.Context, addr tsocket.Address) error {
		return withClient(ev, addr, func(*connecting, *client) {})
	})
	if !errors.Is(err, errUnasked) {
		t.Error(err)
	}
}

// TestACancelledCommandKeepsItsPlace has the reply to the command that was
// cancelled arrive, and be nobody's.
func TestACancelledCommandKeepsItsPlace(t *testing.T) {
	var first error
	var second value
	err := meet(t, ":1\r\n:2\r\n", false, func(ev *tevent.Context, addr tsocket.Address) error {
		return withClient(ev, addr, func(x *connecting, c *client) {
			r := c.Do(encode("INCR", "a"))
			r.Handle(x, func(_ value, err error) { first = err })
			c.Do(encode("INCR", "a")).Then(x, func(v value) {
				second = v
				x.Done(tevent.None{})
			})
			r.Cancel()
		})
	})
	if err != nil || first == nil || second.n != 2 {
		t.Errorf("%v; first %v, second %v", err, first, second)
	}
}

func TestAFullQueueRefusesACommandAndNothingElse(t *testing.T) {
	var full, room int
	var refused error
	err := meet(t, strings.Repeat(":1\r\n", 10), false, func(ev *tevent.Context, addr tsocket.Address) error {
		return withClient(ev, addr, func(x *connecting, c *client) {
			c.q.SetLimits(queue.Limits{Entries: 10})
			for range 11 {
				if command := encode("INCR", "a"); c.Room(command) {
					room++
				} else {
					full++
				}
				c.Do(encode("INCR", "a")).Handle(x, func(_ value, err error) {
					if err != nil {
						refused = err
					}
					if room--; room == 0 {
						x.Done(tevent.None{})
					}
				})
			}
		})
	})
	if err != nil || full != 1 || !errors.Is(refused, queue.ErrFull) {
		t.Errorf("%v; %d refused with %v", err, full, refused)
	}
}

func TestBarDrawsEachPercentOnceAndGoes(t *testing.T) {
	var out strings.Builder
	b := &bar{out: &out}
	b.begin("SET", 1000)
	for range 1000 {
		b.add(1)
	}
	b.clear()
	if n := strings.Count(out.String(), "%"); n != 101 || !strings.HasSuffix(out.String(), fmt.Sprintf("[%s] 100 %%\r\x1b[K", strings.Repeat("=", 50))) {
		t.Errorf("%d times, %q", n, out.String())
	}
	(&bar{total: 1}).add(1)
}
