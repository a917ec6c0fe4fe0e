//go:build unix

package sim_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

// scene is one world in which an operation runs in the near process, once under
// a fault, and then without.
type scene struct {
	w    *sim.World
	op   operation
	plan sim.Plan // nil: it is recorded what the operation calls
	far  far
	near *sim.Proc
	ev   *tevent.Context
	log  bytes.Buffer // what the near context reports
	errs []error
	made []sim.Calls // by the operation
	hit  bool        // the fault has happened
	wait time.Duration

	s      *tsocket.Stream
	d      *tsocket.Dgram
	opened int // endpoints with a unix name
	l      *tsocket.Listener
	m      *tsocket.Messages
	posts  *tsocket.MessageListener
	names  *precon.Listener
	fd     int
	ends   []io.Closer // what else is closed after a run
	told   int         // bytes that were sent, as the operation says
	text   string      // of which they are the first
	cutIn  bool        // the loop failed: nobody said how many
}

// tortureCell is a fault as the table has it.
func tortureCell(op operation, f sim.Fault) faulttest.Cell {
	c, _ := fault.Named(f.Call)
	p := fault.Plan{Call: c, Nth: f.Nth, Persistent: f.On, Errno: f.Errno}
	switch f.Kind {
	case sim.WouldBlock:
		p.Errno = fault.ErrnoNamed("EAGAIN")
	case sim.OneByte:
		p.Short = fault.OneByte
	case sim.Half:
		p.Short = fault.Half
	}
	return faulttest.Cell{Op: op.Op, Plan: p}
}

// enact plays one world; equal seeds make the same calls up to the fault.
func enact(op operation, seed uint64, plan sim.Plan, log io.Writer) *scene {
	g := &scene{w: sim.New(seed), op: op, plan: plan}
	defer g.w.Close()
	g.w.SetLog(log)
	g.w.Watch(&oracle.Once{}, &oracle.Tidy{}, &oracle.Spin{Most: 150}, &oracle.Descriptors{})
	if op.Long {
		g.w.Inject(sim.Plan{{Kind: sim.Buffers, N: 4096}})
	}
	here := g.w.Host("10.0.0.1")
	there, addr := here, "unix:/run/far"
	if !op.local {
		there, addr = g.w.Host("10.0.0.2"), "10.0.0.2:7007"
	}
	g.far.addr = must(tsocket.ParseAddress(addr))
	g.far.deaf = op.Long
	there.Go("far", g.far.main)
	g.note(g.w.RunUntil(g.far.ready))
	g.near = here.Go("near", g.main)
	g.note(g.w.Run())
	return g
}

// note keeps what went wrong.
func (g *scene) note(err error) {
	if err != nil {
		g.errs = append(g.errs, err)
	}
}

func (g *scene) notef(format string, args ...any) { g.note(fmt.Errorf(format, args...)) }

// main is the near process: the operation under the fault, again on the same
// stream if the fault is nothing that sticks, and once more from the start.
func (g *scene) main(ev *tevent.Context) {
	defer g.far.end()
	g.ev = ev
	g.quiet()
	g.wait = patience
	g.op.prepare(g)
	before := g.w.Calls()
	want := faulttest.Succeeds
	if g.plan != nil {
		want = tortureCell(g.op, g.plan[0]).Verdict()
		if want == faulttest.Waits {
			g.wait = 2 * time.Second
		}
		g.w.Inject(g.plan)
	}
	err := g.op.run(g)
	g.made = since(before, g.w.Calls())
	g.w.Calm()
	g.judge(want, err)
	if want == faulttest.Succeeds && g.op.again != nil {
		g.repeat("on the same stream", g.op.again)
	}
	g.clear()
	if !g.op.once {
		g.op.prepare(g)
		g.repeat("afterwards", g.op.run)
		g.clear()
	}
	if g.log.Len() > 0 {
		g.notef("reported: %s", g.log.String())
	}
}

// quiet has the context report what is somebody's mistake only, debug everything.
func (g *scene) quiet() { g.report(slog.LevelInfo) }
func (g *scene) debug() { g.report(slog.LevelDebug) }

func (g *scene) report(l slog.Level) {
	g.log.Reset()
	g.ev.SetLogger(slog.New(slog.NewTextHandler(&g.log, &slog.HandlerOptions{Level: l})))
}

// judge compares the outcome under the fault with what it has to be.
func (g *scene) judge(want faulttest.Verdict, err error) {
	if g.plan == nil {
		g.note(err)
	} else {
		cell := tortureCell(g.op, g.plan[0])
		g.hit = g.w.Hits()[g.plan[0].Kind] > 0
		if !want.Is(err, cell.Plan.Errno) {
			g.notef("the result is %v, want %v", err, want)
		}
	}
	g.arrived(err)
}

func (g *scene) repeat(when string, run func(*scene) error) {
	g.wait = patience
	err := run(g)
	if err != nil {
		g.notef("a request %s: %w", when, err)
	}
	g.arrived(err)
}

// arrived judges what the far side has of the bytes that were sent.
func (g *scene) arrived(err error) {
	if g.cutIn {
		g.sleep(patience) // the rest is on its way
	} else if !g.until(func() bool { return len(g.far.got) >= g.told }) {
		g.notef("%d bytes were told, %d came", g.told, len(g.far.got))
	}
	got := string(g.far.got)
	switch {
	case !strings.HasPrefix(g.text, got):
		g.notef("%.80q… came of %.80q…", got, g.text)
	case !g.cutIn && len(got) != g.told:
		g.notef("%d bytes came, %d were told", len(got), g.told)
	case err == nil && g.told != len(g.text):
		g.notef("%d bytes of %d are a success", g.told, len(g.text))
	}
	g.told, g.text, g.cutIn, g.far.got = 0, "", false, nil
}

// until lets time pass until cond holds, but not for ever.
func (g *scene) until(cond func() bool) bool {
	for range 1000 {
		if cond() {
			return true
		}
		g.sleep(time.Millisecond)
	}
	return false
}

func (g *scene) sleep(d time.Duration) {
	_, err := tevent.Wait(g.ev, tevent.Sleep(g.ev, d))
	g.note(err)
}

// clear closes everything of one run.
func (g *scene) clear() {
	for _, c := range g.ends {
		c.Close()
	}
	if g.s != nil {
		g.s.Close()
	}
	if g.l != nil {
		g.l.Close()
	}
	g.s, g.l, g.m, g.ends = nil, nil, nil, nil
}

// result runs the loop until r has ended; it drops r when the loop fails.
func result[T any](g *scene, r tevent.Req[T]) (T, error) {
	v, err := tevent.Wait(g.ev, r.SetTimeout(g.wait))
	if r.InProgress() {
		r.Drop()
		g.cutIn = true
		err = faulttest.LoopError{Err: err}
	}
	return v, err
}

// since is what was called between two counts.
func since(before, after []sim.Calls) (made []sim.Calls) {
	for _, c := range after {
		for _, b := range before {
			if b.Proc == c.Proc && b.Call == c.Call {
				c.N -= b.N
			}
		}
		if c.Proc == "near" && c.N > 0 {
			made = append(made, c)
		}
	}
	return made
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// failed is why the scene did not go as it has to, nil if it did.
func (g *scene) failed() error { return errors.Join(g.errs...) }
