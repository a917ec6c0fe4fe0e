package oracle_test

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wantVerdict runs a process under an oracle, which has to object.
func wantVerdict(t *testing.T, o sim.Oracle, verdict string, main func(ev *tevent.Context)) {
	t.Helper()
	w := sim.Test(t)
	w.Watch(o)
	w.Host("10.0.0.1").Go("culprit", main)
	err := w.Run()
	if err == nil || !strings.Contains(err.Error(), verdict) || !strings.Contains(err.Error(), "culprit") {
		t.Fatalf("%v, want %q", err, verdict)
	}
}

// wantError checks the verdict of an oracle that is asked.
func wantError(t *testing.T, err error, verdict string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), verdict) {
		t.Errorf("%v, want %q", err, verdict)
	}
}

func wantNone(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestBytesThatAreNotAPrefix(t *testing.T) {
	b := &oracle.Bytes{Name: "upload"}
	b.Sent([]byte("hello, "))
	b.Sent([]byte("world"))
	wantNone(t, b.Received([]byte("hell")))
	wantError(t, b.Whole(), "received 4 bytes of 12")
	wantError(t, b.Received([]byte("p")), `upload: byte 4 was sent as "o, world" and received as "p"`)
	_, err := b.Write([]byte("o, world"))
	wantNone(t, err)
	wantNone(t, b.Whole())
	wantError(t, b.Received([]byte("!")), `received 12 bytes of 12 that were sent, then "!"`)
	if b.Count() != 12 {
		t.Error(b.Count())
	}
}

func TestReadsThatAreNotExact(t *testing.T) {
	wantNone(t, oracle.Exact(5, 5, nil))
	wantNone(t, oracle.Exact(5, 3, errors.New("reset")))
	wantError(t, oracle.Exact(5, 3, nil), "ended well with 3")
	wantError(t, oracle.Exact(5, 6, errors.New("reset")), "ended with 6")
}

// traced is a trace point of a process that does nothing wrong itself.
func traced(point tevent.Point, id uint64) func(*sim.Proc) *sim.Event {
	return func(p *sim.Proc) *sim.Event {
		return &sim.Event{Moment: sim.Traced, Proc: p, FD: -1,
			Trace: &tevent.TraceEvent{Point: point, Kind: tevent.KindRequest, Name: "job", ID: id}}
	}
}

// The trigger of a queue is no completion.
func TestTriggersThatRunInside(t *testing.T) {
	w := sim.Test(t)
	w.Watch(&oracle.Once{})
	began := 0
	w.Host().Go("queueing", func(ev *tevent.Context) {
		q := queue.New(ev, "jobs")
		for range 3 {
			j := &job{}
			j.Start(ev, "job")
			queue.Add(q, j, 1, func(j *job) { began++; j.Done(tevent.None{}) })
			j.Req().Ignore()
		}
		wantNone(t, ev.LoopWait())
		q.Close()
	})
	if err := w.Run(); err != nil || began != 3 {
		t.Errorf("%d began: %v", began, err)
	}
}

// job is an entry of a queue.
type job struct {
	tevent.Op[tevent.None]
	queue.Entry
}

// The library itself does none of this, so the oracle is told a story.
func TestCompletionsThatComeTwiceOrInside(t *testing.T) {
	p := sim.Test(t).Host().Go("culprit", func(*tevent.Context) {})
	begin, finish, end := traced(tevent.Attach, 1), traced(tevent.Finished, 1), traced(tevent.Detach, 1)
	call, back := traced(tevent.BeforeHandler, 1), traced(tevent.AfterHandler, 1)
	begin2, call2, finish2 := traced(tevent.Attach, 2), traced(tevent.BeforeHandler, 2), traced(tevent.Finished, 2)
	for _, c := range []struct {
		verdict string
		story   []func(*sim.Proc) *sim.Event
	}{
		{"", []func(*sim.Proc) *sim.Event{begin, finish, call, end, back}},
		{"begun at the wrong time or again", []func(*sim.Proc) *sim.Event{begin, begin}},
		{"finished at the wrong time or again", []func(*sim.Proc) *sim.Event{begin, finish, finish}},
		{"finished at the wrong time or again", []func(*sim.Proc) *sim.Event{finish}},
		{"delivered at the wrong time or again", []func(*sim.Proc) *sim.Event{begin, call}},
		{"delivered at the wrong time or again", []func(*sim.Proc) *sim.Event{begin, finish, call, back, call}},
		{"detached at the wrong time or again", []func(*sim.Proc) *sim.Event{begin, finish, call, end, end}},
		{"runs inside of that of job", []func(*sim.Proc) *sim.Event{begin, begin2, finish, call, finish2, call2}},
	} {
		o := &oracle.Once{}
		var err error
		for _, e := range c.story {
			if err != nil {
				t.Errorf("too early: %v", err)
			}
			err = o.Saw(e(p))
		}
		if c.verdict == "" {
			wantNone(t, err)
		} else {
			wantError(t, err, c.verdict)
		}
	}
}

// A request that is begun and not detached, and one process's trace that leaves
// turns out.
func TestWhatIsNeverDetached(t *testing.T) {
	p := sim.Test(t).Host().Go("culprit", func(*tevent.Context) {})
	turn := func(point tevent.Point, id uint64) *sim.Event {
		return &sim.Event{Moment: sim.Traced, Proc: p, Trace: &tevent.TraceEvent{Point: point, Kind: tevent.KindTurn, ID: id}}
	}
	end := &sim.Event{Moment: sim.Exits, Proc: p}
	o := &oracle.Once{}
	wantNone(t, o.Saw(turn(tevent.BeforeTurn, 2)))
	wantNone(t, o.Saw(traced(tevent.Attach, 1)(p)))
	wantNone(t, o.Saw(turn(tevent.BeforeWait, 2)))
	wantError(t, o.Saw(end), "#1 was begun and is not detached at the end")
	wantNone(t, o.Saw(turn(tevent.BeforeWait, 3))) // whose begin was not told
	wantNone(t, o.Saw(end))
}

func TestSampledTracesAreNotJudged(t *testing.T) {
	w := sim.Test(t)
	w.Watch(oracle.All()...)
	w.Host().Go("sampled", func(ev *tevent.Context) {
		n := 0
		ev.SetSampling(func() bool { n++; return n%3 == 0 })
		for range 20 {
			_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
		}
	})
	wantNone(t, w.Run())
}

func TestWhatIsLeftAtTheEnd(t *testing.T) {
	wantVerdict(t, &oracle.Tidy{}, "left at the end: fd kept", func(ev *tevent.Context) { ev.Hold(tevent.KindFD, "kept") })
	wantVerdict(t, &oracle.Tidy{}, "512 bytes of receive buffers", func(ev *tevent.Context) { ev.Driver().Buffers.Take(3) })
	wantVerdict(t, &oracle.Tidy{}, "left open at the end: tcp", func(ev *tevent.Context) {
		_, _ = ev.Driver().Kernel.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	})
}

func TestLoopsThatSpin(t *testing.T) {
	wantVerdict(t, &oracle.Spin{Most: 50}, "it looked 50 times in a row", func(ev *tevent.Context) {
		ev.SetWaitTimeout(0)
		for range 100 {
			_ = ev.LoopOnce()
		}
	})
}

func TestCallsOnClosedDescriptors(t *testing.T) {
	wantVerdict(t, &oracle.Descriptors{}, "1 calls on descriptors that are not open, closed 0 twice, and 0 that", func(ev *tevent.Context) {
		_ = ev.Driver().Kernel.Listen(77, 1)
	})
	wantVerdict(t, &oracle.Descriptors{}, "0 calls on descriptors that are not open, closed 1 twice, and 0 that", func(ev *tevent.Context) {
		_ = ev.Driver().Kernel.Close(77)
	})
	wantVerdict(t, &oracle.Descriptors{}, "closed 0 twice, and 1 that it still watches", func(ev *tevent.Context) {
		fds, _ := ev.Driver().Kernel.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		_, _ = tevent.NewFD(ev, fds[0], tevent.FDRead, func(tevent.Flags) {})
		_ = ev.Driver().Kernel.Close(fds[0])
	})
}

func TestWhatGrowsBeyondItsBound(t *testing.T) {
	wantVerdict(t, oracle.Buffers(4096), "receive buffers of culprit#1 is 8192, more than 4096", func(ev *tevent.Context) {
		b := ev.Driver().Buffers.Take(8192)
		_, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Second))
		ev.Driver().Buffers.Give(b)
	})
}

func TestSidesThatDisagree(t *testing.T) {
	a := &oracle.Agreement{}
	a.Said("one", "server", "tcp", nil)
	a.Said("one", "client", "", errors.New("reset"))
	a.Said("two", "client", "udp", nil)
	wantNone(t, a.Check(false))
	wantError(t, a.Check(true), `one: server says "tcp", but client failed: reset`)
	a.Said("two", "server", "tcp", nil)
	wantError(t, a.Check(false), `two: client says "udp", but server says "tcp"`)
}

func TestConnectionsWithoutAnotherHalf(t *testing.T) {
	p := &oracle.Pairing{}
	p.Connected("a")
	p.Connected("b")
	wantNone(t, p.Accepted("a"))
	wantNone(t, p.Check(false))
	wantError(t, p.Check(true), "never accepted: b")
	wantError(t, p.Accepted("a"), "a was accepted twice")
	wantNone(t, p.Accepted("ghost"))
	wantError(t, p.Check(false), "never asked for: ghost")
}

func TestWhatNeverSettles(t *testing.T) {
	w := sim.Test(t)
	w.Host().Go("waiter", func(ev *tevent.Context) { _, _ = tevent.Wait(ev, tevent.Sleep(ev, time.Hour)) })
	wantError(t, oracle.Settles(w, time.Minute, func() bool { return false }), "1m0s after the last fault it has not come to rest")
	wantNone(t, oracle.Settles(w, 2*time.Hour, func() bool { return w.Elapsed() > time.Hour }))
}

func TestAnswersLongerThanQuestions(t *testing.T) {
	p := sim.Test(t).Host().Go("server", func(*tevent.Context) {})
	peer := netip.MustParseAddrPort("10.0.0.9:53")
	packet := func(call string, n int, e syscall.Errno) *sim.Event {
		return &sim.Event{Moment: sim.Called, Proc: p, Call: call, FD: 4, N: n, Errno: e, Peer: peer}
	}
	a := &oracle.Amplification{}
	wantNone(t, a.Saw(packet("RecvPacket", 100, 0)))
	wantNone(t, a.Saw(packet("SendPacket", 60, 0)))
	wantNone(t, a.Saw(packet("SendPacket", 60, syscall.EAGAIN)))
	wantError(t, a.Saw(packet("SendPacket", 60, 0)), "server#1 has sent 20 bytes more to 10.0.0.9:53")
	a.Trusted = func(*sim.Proc, netip.AddrPort) bool { return true }
	wantNone(t, a.Saw(packet("SendPacket", 60, 0)))
}
