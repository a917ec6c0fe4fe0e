//go:build linux

package debug_test

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/debug"
	"github.com/tsocket-go/tsocket/tsocket"
)

// BenchmarkEcho is one message there and back over a unix socket pair: without
// the page, with it, and with every turn traced in full.
func BenchmarkEcho(b *testing.B) {
	b.Run("without", func(b *testing.B) { echo(b, func(*tevent.Context) {}) })
	b.Run("with", func(b *testing.B) {
		echo(b, func(ev *tevent.Context) { debug.New(debug.Config{}).Add("bench", ev) })
	})
	b.Run("whole", func(b *testing.B) {
		echo(b, func(ev *tevent.Context) { debug.New(debug.Config{Sample: 1}).Add("bench", ev) })
	})
}

// echoer sends back what it receives; the asker counts.
type echoer struct {
	tevent.Op[tevent.None]
	s    *tsocket.Stream
	left int
	text [64]byte
}

func (e *echoer) read()        { tevent.Then(e.s.Peek(1), e, (*echoer).got) }
func (e *echoer) got(b []byte) { tevent.Then(e.s.Writev(b), e, (*echoer).wrote) }
func (e *echoer) wrote(n int)  { e.s.Consume(n); e.read() }
func (e *echoer) ask()         { tevent.Then(e.s.Writev(e.text[:]), e, (*echoer).asked) }
func (e *echoer) asked(int)    { tevent.Then(e.s.Peek(len(e.text)), e, (*echoer).answered) }
func (e *echoer) answered(b []byte) {
	e.s.Consume(len(b))
	if e.left--; e.left == 0 {
		e.Done(tevent.None{})
		return
	}
	e.ask()
}

func echo(b *testing.B, watch func(*tevent.Context)) {
	ev, err := tevent.New()
	if err != nil {
		b.Fatal(err)
	}
	defer ev.Close()
	watch(ev)
	near, far, err := tsocket.Socketpair(ev)
	if err != nil {
		b.Fatal(err)
	}
	defer near.Close()
	defer far.Close()
	server := &echoer{s: far}
	server.Start(ev, "server")
	server.read()
	client := &echoer{s: near, left: b.N}
	client.Start(ev, "client")
	b.ReportAllocs()
	b.ResetTimer()
	began := cpu(b)
	client.ask()
	if _, err := tevent.Wait(ev, client.Req()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(cpu(b)-began)/float64(b.N), "cpu-ns/op")
	server.Req().Drop()
}

// cpu is the time that the process has had a CPU: others on the machine disturb
// it less than the clock.
func cpu(b *testing.B) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		b.Fatal(err)
	}
	return time.Duration(t.Nano())
}
