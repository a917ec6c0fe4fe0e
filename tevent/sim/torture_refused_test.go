//go:build unix

package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

// attempt is a use of a stream.
type attempt struct {
	name string
	do   func(g *scene, s *tsocket.Stream) error
}

// waits makes an attempt of a request.
func waits[T any](name string, start func(s *tsocket.Stream) tevent.Req[T]) attempt {
	return attempt{name, func(g *scene, s *tsocket.Stream) error {
		_, err := result(g, start(s))
		return err
	}}
}

// writes are the attempts to send, reads those to receive, others the rest.
var (
	writes = []attempt{
		waits("writev", func(s *tsocket.Stream) tevent.Req[int] { return s.Writev([]byte(words)) }),
		waits("send", func(s *tsocket.Stream) tevent.Req[int] { return s.Send([]byte(words)) }),
		waits("send shutdown", (*tsocket.Stream).SendShutdown),
		waits("drained", (*tsocket.Stream).Drained),
		{"writev queue", func(g *scene, s *tsocket.Stream) error {
			q := queue.New(g.ev, "torture")
			defer q.Close()
			_, err := result(g, s.WritevQueue(q, []byte(words)))
			return err
		}},
	}
	reads = []attempt{
		waits("readv", func(s *tsocket.Stream) tevent.Req[int] { return s.Readv(make([]byte, 9)) }),
		waits("peek", func(s *tsocket.Stream) tevent.Req[[]byte] { return s.Peek(9) }),
		{"pending", func(_ *scene, s *tsocket.Stream) error {
			_, err := s.Pending()
			return err
		}},
	}
	others = []attempt{
		waits("monitor", (*tsocket.Stream).Monitor),
		waits("disconnect", (*tsocket.Stream).Disconnect),
		waits("shutdown read", (*tsocket.Stream).ShutdownRead),
		{"gate", func(_ *scene, s *tsocket.Stream) error {
			_, err := s.Gate()
			return err
		}},
		{"release", func(_ *scene, s *tsocket.Stream) error {
			_, _, err := s.ReleaseFD()
			return err
		}},
		{"set event context", func(_ *scene, s *tsocket.Stream) error { return s.SetEventContext(nil) }},
	}
)

// refused wants every attempt to fail with want, without a call but the loop's.
func (g *scene) refused(want error, s *tsocket.Stream, lists ...[]attempt) {
	before := g.w.Calls()
	for _, a := range slices.Concat(lists...) {
		if err := a.do(g, s); !errors.Is(err, want) {
			g.notef("%s: %v, want %v", a.name, err, want)
		}
	}
	for _, c := range since(before, g.w.Calls()) {
		if c.Call != "Wait" {
			g.notef("it called %s", c.Call)
		}
	}
}

// inScene runs f with a stream to the far side; Long has both with small buffers
// and the far side not read.
func inScene(t *testing.T, op faulttest.Op, f func(g *scene) error) {
	t.Helper()
	g := enact(operation{Op: op, prepare: prepareStream, run: f, once: true}, 1, nil, nil)
	if err := g.failed(); err != nil {
		t.Error(err)
	}
}

func TestTortureOfWhatIsClosed(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.note(g.listen("10.0.0.1:0"))
		g.note(g.l.Close())
		if _, err := result(g, g.l.Accept()); !errors.Is(err, net.ErrClosed) {
			g.notef("accept: %v", err)
		}
		g.s.Close()
		g.refused(net.ErrClosed, g.s, writes, reads, others)
		g.s.Consume(1)
		if b := g.s.Buffered(); b != nil {
			g.notef("%q is buffered", b)
		}
		return g.s.Close()
	})
}

func TestTortureOfWhatWasReset(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.far.reset()
		g.sleep(patience)
		queued := g.s.Send([]byte(words))
		if _, err := result(g, g.s.Readv(make([]byte, 9))); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("read: %v", err)
		}
		if _, err := result(g, queued); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("a message that was queued before: %v", err)
		}
		g.refused(syscall.ECONNRESET, g.s, writes, reads)
		return nil
	})
}

func TestTortureOfWhatHasEnded(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.far.shut()
		if _, err := result(g, g.s.Readv(make([]byte, 9))); !errors.Is(err, io.EOF) {
			g.notef("read: %v", err)
		}
		g.refused(io.EOF, g.s, reads)
		_, err := result(g, g.s.SendShutdown())
		g.refused(syscall.EPIPE, g.s, writes)
		return err
	})
}

// Calls of messages that do not wait are told at once what a message is refused for.
func TestTortureOfMessagesThatAreRefused(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		m := tsocket.FrameMessages(g.s)
		m.SetMax(len(words) - 1)
		if _, err := m.TrySend([]byte(words)); !errors.Is(err, syscall.EMSGSIZE) {
			g.notef("too long a message: %v", err)
		}
		g.far.reset()
		if _, err := result(g, m.Recv(make([]byte, 9))); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("recv: %v", err)
		}
		if _, err := m.TrySend([]byte("x")); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("sent over what was reset: %v", err)
		}
		g.s.Close()
		if _, err := m.TryRecv(make([]byte, 9)); !errors.Is(err, net.ErrClosed) {
			g.notef("received from what is closed: %v", err)
		}
		return nil
	})
}

// What one direction was told, the other one finds too, although the kernel tells
// it only once.
func TestTortureOfWhatTimedOut(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.w.Inject(sim.Plan{{Kind: sim.Fails, Proc: "near", Call: "Recvmsg", Nth: 1, Errno: syscall.ETIMEDOUT}})
		if _, err := result(g, g.s.Readv(make([]byte, 9))); !errors.Is(err, syscall.ETIMEDOUT) {
			g.notef("read: %v", err)
		}
		g.refused(syscall.ETIMEDOUT, g.s, writes[:1])
		return nil
	})
}

func TestTortureOfWhoWaitsForRoom(t *testing.T) {
	inScene(t, faulttest.Op{Long: true}, func(g *scene) error {
		g.s.SetSendLimits(tsocket.Limits{Bytes: 100})
		sent, drained := g.s.Send([]byte(lengthy)), g.s.Drained()
		g.sleep(patience)
		if !sent.InProgress() || !drained.InProgress() {
			g.notef("there is room: %v, %v", sent, drained)
		}
		g.far.reset()
		if _, err := result(g, drained); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("drained: %v", err)
		}
		if _, err := result(g, sent); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("sent: %v", err)
		}
		return nil
	})
}

// stuck is a transport that cannot leave its loop.
type stuck struct{ tsocket.StreamOps }

func (stuck) Detach() error { return syscall.EBUSY }
func (stuck) Close() error  { return nil }

func TestTortureOfATransportThatCannotLeave(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		s := tsocket.NewStream(g.ev, stuck{}, tsocket.Address{}, tsocket.Address{})
		if err := s.SetEventContext(nil); !errors.Is(err, syscall.EBUSY) || s.Context() != g.ev {
			g.notef("it left: %v", err)
		}
		return s.Close()
	})
}

func TestTortureOfWhatNeverBegins(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		if _, err := tevent.NewBackend("none"); !errors.Is(err, errors.ErrUnsupported) {
			g.notef("a backend: %v", err)
		}
		_, err := tevent.Await(over{context.Background()}, g.ev, func() tevent.Req[int] { panic("begun") })
		if err != errOver {
			g.notef("await: %v", err)
		}
		return nil
	})
}

// A failure is in the profile of its request, and in the log if nobody took it.
func TestTortureIsTold(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		_, bad := tsocket.ParseAddress("nowhere")
		if !errors.Is(bad, syscall.EINVAL) {
			g.notef("an address: %v", bad)
		}
		g.debug()
		nobodys := tevent.Failed[int](g.ev, "nobody's", bad)
		r := tevent.Failed[int](g.ev, "failing", bad)
		p := r.SetProfile()
		_, err := result(g, r)
		g.sleep(patience)
		nobodys.Drop()
		told := g.log.String()
		g.quiet()
		for _, want := range []string{"nobody took", "nobody's", "level=DEBUG", "error="} {
			if !strings.Contains(told, want) {
				g.notef("no %q in %s", want, told)
			}
		}
		if !strings.Contains(p.String(), fmt.Sprintf("%q", err.Error())) {
			g.notef("the profile is %s", p)
		}
		return nil
	})
}
