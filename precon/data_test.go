package precon_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/precon/precontest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// sizes are what follows the last frame at once.
var sizes = []int{1, 2, 7, 8, 9, 100, 1460, 4095, 4096, 16384, 32768, 65535, 65536}

// eager writes all of a message from the callback of its request, the earliest
// moment there is, and reads the peer's.
type eager struct {
	t         testing.TB
	conn      *precon.Conn
	say, hear []byte
	done      bool
}

func eagerly(t testing.TB, r tevent.Req[*precon.Conn], writev bool, say []byte, hear int) *eager {
	e := &eager{t: t, say: say, hear: make([]byte, hear)}
	r.SetCallback(func(r tevent.Req[*precon.Conn]) {
		var err error
		if e.conn, err = r.Result(); err != nil {
			t.Error(err)
			e.done = true
			return
		}
		s := e.conn.Stream()
		if writev {
			s.Writev(e.say).SetCallback(e.wrote)
		} else {
			s.Send(e.say).SetCallback(e.wrote)
		}
		s.Readv(e.hear).SetCallback(e.heard)
	})
	return e
}

func (e *eager) wrote(r tevent.Req[int]) {
	if n, err := r.Result(); err != nil || n != len(e.say) {
		e.t.Errorf("wrote %d of %d: %v", n, len(e.say), err)
	}
}

func (e *eager) heard(r tevent.Req[int]) {
	e.done = true
	if _, err := r.Result(); err != nil {
		e.t.Error(err)
	}
}

func (e *eager) close() {
	if e.conn != nil {
		e.conn.Close()
	}
}

// exchange lets both sides write at once and compares.
func exchange(t testing.TB, ev *tevent.Context, a, p tevent.Req[*precon.Conn], writev bool, m, n int) {
	t.Helper()
	say := func(n int, seed uint64) []byte {
		b, c := make([]byte, n), rand.New(rand.NewPCG(seed, 5))
		for i := range b {
			b[i] = byte(c.Uint32())
		}
		return b
	}
	x, y := eagerly(t, a, writev, say(m, 1), n), eagerly(t, p, writev, say(n, 2), m)
	turn(t, ev, func() bool { return x.done && y.done })
	if !bytes.Equal(x.hear, y.say) || !bytes.Equal(y.hear, x.say) {
		t.Errorf("%d bytes there, %d back: other bytes arrived", m, n)
	}
	x.close()
	y.close()
}

// On the bootstrap data stand in the segment of the last frame; on a path of
// their own they overtake the frames.
func TestDataRightBehindTheHandshakeArriveInOrder(t *testing.T) {
	for _, beside := range []bool{false, true} {
		for _, writev := range []bool{false, true} {
			for _, pipe := range []tsocket.PipeConfig{{}, {Seed: 7}, {Seed: 8, Delay: 5 * time.Millisecond}} {
				for i, n := range sizes {
					inRound(t, func(t testing.TB) {
						_, ev := newWorld(t, 1)
						var m *precontest.Meeting
						if beside {
							m = precontest.NewMeeting(nil)
						}
						a, p := pairOf("x", i%3, m, precontest.Script{}, precontest.Script{})
						x, y := tsocket.Pipe(ev, pipe)
						exchange(t, ev, endpoint(ev, "a", a).Negotiate(x, true), endpoint(ev, "p", p).Negotiate(y, false),
							writev, n, sizes[len(sizes)-1-i])
						idle(t, ev)
					})
				}
			}
		}
	}
}

func TestDataRightBehindTheHandshakeArriveOnSockets(t *testing.T) {
	for name, addr := range places(t) {
		t.Run(name, func(t *testing.T) {
			ev := real(t)
			client, server := endpoint(ev, "client"), endpoint(ev, "server")
			l := listen(t, server, addr)
			for i, n := range sizes {
				for _, writev := range []bool{false, true} {
					exchange(t, ev, client.Dial(reach(l)), l.Accept(), writev, n, sizes[len(sizes)-1-i])
				}
			}
			idle(t, ev)
		})
	}
}

// The active side's OK, its EOF and what it writes first are one segment.
func TestFirstDataShareTheSegmentOfTheLastFrame(t *testing.T) {
	_, ev := newWorld(t, 1)
	r, x, y := newRelay(ev)
	var segments []string
	way := r.ways[0]
	r.run()
	a := endpoint(ev, "a").Negotiate(x, true)
	p := endpoint(ev, "p").Negotiate(y, false)
	e, f := eagerly(t, a, false, []byte("data"), 4), eagerly(t, p, false, []byte("back"), 4)
	var last int
	turn(t, ev, func() bool {
		if n := len(way.log); n > last {
			segments = append(segments, string(way.log[last:n]))
			last = n
		}
		return e.done && f.done
	})
	if n := len(segments); n != 2 || !bytes.HasSuffix([]byte(segments[1]), []byte("data")) || !bytes.HasPrefix([]byte(segments[1]), []byte{0, 0, 0, 0x12}) {
		t.Errorf("%d segments: %s", n, fmt.Sprintf("%q", segments))
	}
	e.close()
	f.close()
	r.close()
	idle(t, ev)
}
