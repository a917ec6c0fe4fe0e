package sim_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tsocket"
)

// whim is one side of a stream that does whatever comes to its mind: it sends,
// reads and peeks, and cancels, drops and times out what it has begun.
type whim struct {
	tevent.Op[tevent.None]
	ev    *tevent.Context
	w     *sim.World
	name  string
	s     *tsocket.Stream
	rand  *rand.Rand
	timer tevent.Timer
	left  int // steps to take

	sends []tevent.Req[int]
	made  uint32 // messages that were sent
	read  tevent.Req[int]
	peek  tevent.Req[[]byte]
	buf   []byte
	over  bool // nothing more comes

	have []byte // received and not yet understood
	seen uint32 // number of the last message
}

// live takes n steps and then waits for the peer to end.
func live(ev *tevent.Context, w *sim.World, name string, s *tsocket.Stream, r *rand.Rand, n int) tevent.Req[tevent.None] {
	x := &whim{ev: ev, w: w, name: name, s: s, rand: r, left: n}
	x.Start(ev, "whim")
	x.Own(s)
	x.timer.Init(ev, x.step)
	x.SetCleanup(func(tevent.State) { x.timer.Stop() })
	x.rest()
	return x.Req()
}

func (x *whim) rest() { x.timer.Reset(time.Duration(x.rand.IntN(1000)) * time.Microsecond) }

func (x *whim) step() {
	if x.left--; x.left == 0 {
		x.s.SendShutdown().Ignore()
	}
	if x.left <= 0 {
		x.take()
		x.timer.Reset(20 * time.Millisecond)
		x.leave()
		return
	}
	switch x.rand.IntN(10) {
	case 0, 1, 2, 3:
		x.send()
	case 4, 5, 6:
		x.take()
	case 7:
		x.regret()
	case 8:
		x.read.Cancel()
		x.peek.Cancel()
	case 9:
		x.read.Drop()
		x.peek.Drop()
	}
	x.rest()
}

// leave ends a life that has nothing more to wait for.
func (x *whim) leave() {
	if x.over && x.InProgress() {
		x.Done(tevent.None{})
	}
}

// send sends a message that says what it has to be: length, number, and bytes
// that follow from the number.
func (x *whim) send() {
	x.made++
	m := make([]byte, 6+x.rand.IntN(300))
	binary.BigEndian.PutUint16(m, uint16(len(m)))
	binary.BigEndian.PutUint32(m[2:], x.made)
	for i := 6; i < len(m); i++ {
		m[i] = byte(x.made) + byte(i)
	}
	cut := x.rand.IntN(len(m))
	r := x.s.Send(m[:cut], m[cut:])
	if x.rand.IntN(4) == 0 {
		r.SetTimeout(time.Duration(x.rand.IntN(2000)) * time.Microsecond)
	}
	r.SetCallback(func(r tevent.Req[int]) {
		if n, err := r.Result(); err == nil && n != len(m) {
			x.w.Violate(fmt.Errorf("%s: a send of %d bytes ended well with %d", x.name, len(m), n))
		}
	})
	x.sends = append(x.sends, r)
}

// regret cancels or drops a message, which may be gone already.
func (x *whim) regret() {
	if len(x.sends) == 0 {
		return
	}
	r := x.sends[x.rand.IntN(len(x.sends))]
	if x.rand.IntN(2) == 0 {
		r.Cancel()
	} else {
		r.Drop()
	}
}

// take starts a read or a peek unless there is one.
func (x *whim) take() {
	switch {
	case x.over || x.read.InProgress() || x.peek.InProgress():
	case x.rand.IntN(2) == 0:
		x.buf = make([]byte, 1+x.rand.IntN(100))
		x.read = x.s.Readv(x.buf)
		x.timeout(x.read.SetTimeout)
		x.read.SetCallback(x.got)
	default:
		x.peek = x.s.Peek(1 + x.rand.IntN(100))
		x.timeout(func(d time.Duration) tevent.Req[int] { x.peek.SetTimeout(d); return x.read })
		x.peek.SetCallback(x.peeked)
	}
}

func (x *whim) timeout(set func(time.Duration) tevent.Req[int]) {
	if x.rand.IntN(3) == 0 {
		set(time.Duration(x.rand.IntN(3000)) * time.Microsecond)
	}
}

func (x *whim) got(r tevent.Req[int]) {
	n, err := r.Result()
	x.w.Violate(oracle.Exact(len(x.buf), n, err))
	if err == nil {
		x.understand(x.buf)
	}
	x.ended(err)
}

func (x *whim) peeked(r tevent.Req[[]byte]) {
	b, err := r.Result()
	if len(b) > 0 && (err == nil || x.left <= 0) {
		n := len(b)
		if err == nil {
			n = 1 + x.rand.IntN(len(b))
		}
		x.understand(b[:n])
		x.s.Consume(n)
	}
	x.ended(err)
}

// ended tells a stream that has ended from a read that was given up.
func (x *whim) ended(err error) {
	gaveUp := errors.Is(err, tevent.ErrDeadline) || errors.Is(err, context.Canceled)
	x.over = x.over || err != nil && !gaveUp
}

// understand checks that messages come whole, in order, and as they were sent.
func (x *whim) understand(b []byte) {
	x.have = append(x.have, b...)
	for len(x.have) >= 6 {
		n := int(binary.BigEndian.Uint16(x.have))
		if n < 6 || n > 306 {
			x.w.Violate(fmt.Errorf("%s: a message of %d bytes behind message %d", x.name, n, x.seen))
			return
		}
		if len(x.have) < n {
			return
		}
		m := x.have[:n]
		x.have = x.have[n:]
		number := binary.BigEndian.Uint32(m[2:])
		if number <= x.seen {
			x.w.Violate(fmt.Errorf("%s: message %d comes behind message %d", x.name, number, x.seen))
		}
		x.seen = number
		for i := 6; i < n; i++ {
			if m[i] != byte(number)+byte(i) {
				x.w.Violate(fmt.Errorf("%s: byte %d of message %d is wrong", x.name, i, number))
				return
			}
		}
	}
}

// TestWhims lets two programs that change their minds all the time talk to each
// other while things go wrong.
func TestWhims(t *testing.T) {
	if *seedFlag != 0 {
		whims(t, *seedFlag)
		return
	}
	for seed := *first; seed < *first+*seeds/2; seed++ {
		whims(t, seed)
	}
}

func whims(t *testing.T, seed uint64) {
	w := sim.New(seed)
	defer w.Close()
	w.Watch(oracle.All()...)
	plan := drawPlan(seed)
	w.Inject(plan)
	r := rand.New(rand.NewPCG(seed, 2))
	addrs := []string{"10.0.0.1:7", "unix:/run/whims"}
	addr, _ := tsocket.ParseAddress(addrs[seed%2])
	a := w.Host("10.0.0.1")
	b := a
	if seed%4 == 0 {
		b = w.Host("10.0.0.2")
	}
	sr, cr := rand.New(rand.NewPCG(r.Uint64(), 0)), rand.New(rand.NewPCG(r.Uint64(), 0))
	a.Go("server", func(ev *tevent.Context) {
		l, err := tsocket.Listen(ev, addr)
		if err != nil {
			return
		}
		defer l.Close()
		s, err := tevent.Wait(ev, l.Accept().SetTimeout(patience))
		if err != nil {
			return
		}
		_, _ = tevent.Wait(ev, live(ev, w, "server", s, sr, 20+sr.IntN(100)).SetTimeout(2*patience))
	})
	b.Go("client", func(ev *tevent.Context) {
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Millisecond))
		s, err := tevent.Wait(ev, tsocket.Connect(ev, addr).SetTimeout(patience))
		if err != nil {
			return
		}
		_, _ = tevent.Wait(ev, live(ev, w, "client", s, cr, 20+cr.IntN(100)).SetTimeout(2*patience))
	})
	if err := w.Run(); err != nil {
		t.Errorf("seed=%d: %v\nreplay with: go test ./tevent/sim -run '^TestWhims$' -seed=%[1]d\nthe plan\n%[3]v", seed, err, plan)
	}
}
