//go:build linux

package tsocket_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// away is a context that a goroutine of its own runs until the test ends.
type away struct {
	t  *testing.T
	ev *tevent.Context
}

func goAway(t *testing.T) *away {
	t.Helper()
	a := &away{t, teventtest.New(t)}
	ctx, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Add(1)
	started := make(chan struct{})
	forever := tevent.Sleep(a.ev, 1<<62) // holds the loop
	go func() {
		defer ended.Done()
		close(started)
		if err := a.ev.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("the loop ended: %v", err)
		}
	}()
	<-started
	t.Cleanup(func() {
		stop()
		ended.Wait()
		forever.Drop()
	})
	return a
}

// do runs f on the loop and waits for it.
func (a *away) do(f func() error) {
	a.t.Helper()
	_, err := tevent.Await(context.Background(), a.ev, func() tevent.Req[tevent.None] {
		if err := f(); err != nil {
			return tevent.Failed[tevent.None](a.ev, "do", err)
		}
		return tevent.Sleep(a.ev, 0)
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

// await runs an operation on the loop and waits for it.
func await(a *away, start func() tevent.Req[int]) (int, error) {
	return tevent.Await(context.Background(), a.ev, start)
}

func TestStreamMovesBetweenLoopsOnTwoGoroutines(t *testing.T) {
	for name, pair := range map[string]func(testing.TB, *tevent.Context) (a, b *tsocket.Stream){
		"tcp": tcpPair, "socketpair": socketpair, "pipe": plainPipe, "seeded pipe": seededPipe,
	} {
		t.Run(name, func(t *testing.T) { moveAround(t, pair) })
	}
}

func plainPipe(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	return tsocket.Pipe(ev, tsocket.PipeConfig{})
}

func seededPipe(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
	return tsocket.Pipe(ev, tsocket.PipeConfig{Seed: 7})
}

func moveAround(t *testing.T, pair func(testing.TB, *tevent.Context) (a, b *tsocket.Stream)) {
	ev := teventtest.New(t)
	loops := []*away{goAway(t), goAway(t)}
	a, b := pair(t, ev)
	must(t, b.SetEventContext(nil))
	on := loops[0]
	on.do(func() error { return b.SetEventContext(on.ev) })
	for i := range 60 {
		text := fmt.Sprintf("round %d;", i)
		w := a.Send([]byte(text), []byte("over"))
		got := make([]byte, len(text))
		done(t, ev, w)
		if n, err := await(on, func() tevent.Req[int] { return b.Readv(got) }); n != len(got) || err != nil || string(got) != text {
			t.Fatalf("%d bytes %q, %v", n, got, err)
		}
		next := loops[i%3&1]
		on.do(func() error { return b.SetEventContext(nil) })
		next.do(func() error { return b.SetEventContext(next.ev) })
		on = next
		rest := make([]byte, 4)
		if n, err := await(on, func() tevent.Req[int] { return b.Readv(rest) }); n != 4 || err != nil || string(rest) != "over" {
			t.Fatalf("%d bytes %q, %v", n, rest, err)
		}
		if n, err := await(on, func() tevent.Req[int] { return b.Writev([]byte("back")) }); n != 4 || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
		read(t, ev, a, "back")
	}
	a.Close()
	on.do(func() error {
		b.Readv(make([]byte, 1)).Ignore()
		return b.Close()
	})
}

// The two ends of one pipe work on two loops at once.
func TestPipeBetweenTwoGoroutines(t *testing.T) {
	for _, seed := range []uint64{0, 3} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			ev := teventtest.New(t)
			other := goAway(t)
			a, b := tsocket.Pipe(ev, tsocket.PipeConfig{Seed: seed, Buffer: 1000})
			must(t, b.SetEventContext(nil))
			other.do(func() error { return b.SetEventContext(other.ev) })
			const n = 300000
			text := strings.Repeat("0123456789", n/10)
			got := make([]byte, n)
			ended := make(chan error, 1)
			go func() {
				_, err := await(other, func() tevent.Req[int] { return b.Readv(got) })
				ended <- err
			}()
			done(t, ev, a.Writev([]byte(text)))
			must(t, <-ended)
			if string(got) != text {
				t.Fatal("the bytes differ")
			}
			m := a.Monitor()
			other.do(b.Close)
			fails(t, ev, m, atEnd...)
			fails(t, ev, a.Writev([]byte("x")), syscall.EPIPE)
			a.Close()
		})
	}
}

// A read that was cancelled after its share of the turn leaves nothing of the
// stream on the loop it left; the race detector sees it if it does.
func TestMoveAfterACancelledReadOfTheSameTurn(t *testing.T) {
	ev := teventtest.New(t)
	other := goAway(t)
	a, b := socketpair(t, ev)
	write(t, ev, a, "ab")
	b.SetReadAhead(0)
	read(t, ev, b, "ab")
	r := b.Readv(make([]byte, 1)) // waits for the next turn
	r.Cancel()
	fails(t, ev, r, context.Canceled)
	must(t, b.SetEventContext(nil))
	other.do(func() error { return b.SetEventContext(other.ev) })
	got := make([]byte, 4)
	ended := make(chan error, 1)
	go func() {
		_, err := await(other, func() tevent.Req[int] { return b.Readv(got) })
		ended <- err
	}()
	other.do(func() error { return nil })
	write(t, ev, a, "cdef")
	turns(t, ev, 3)
	must(t, <-ended)
	if string(got) != "cdef" {
		t.Fatalf("read %q", got)
	}
	other.do(b.Close)
	a.Close()
}

// What a stream's write left behind on the loop it has left is received there.
func TestResultsStayOnTheLoopThatAStreamLeft(t *testing.T) {
	ev := teventtest.New(t)
	other := goAway(t)
	a, b := socketpair(t, ev)
	kept := a.Send([]byte("x"))
	read(t, ev, b, "x")
	must(t, a.SetEventContext(nil))
	other.do(func() error { return a.SetEventContext(other.ev) })
	sent := make(chan error, 1)
	go func() {
		for range 100 {
			if _, err := await(other, func() tevent.Req[int] { return a.Send([]byte("y")) }); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	if n, err := kept.Result(); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	must(t, <-sent)
	read(t, ev, b, strings.Repeat("y", 100))
	other.do(a.Close)
	b.Close()
}

func TestReleaseFDGivesDescriptorAndBytes(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	for _, pair := range []func(testing.TB, *tevent.Context) (a, b *tsocket.Stream){tcpPair, unixPair, socketpair} {
		a, b := pair(t, ev)
		write(t, ev, a, "abcdef")
		read(t, ev, b, "ab")
		m := b.Monitor()
		if _, _, err := b.ReleaseFD(); !errors.Is(err, syscall.EBUSY) {
			t.Fatalf("beside Monitor: %v", err)
		}
		m.Drop()
		fd, over, err := b.ReleaseFD()
		must(t, err)
		if string(over) != "cdef" {
			t.Errorf("%q was over-read", over)
		}
		write(t, ev, a, "more")
		must(t, unix.SetNonblock(fd, false))
		if s := rawRead(t, fd, 4); s != "more" {
			t.Errorf("read %q", s)
		}
		if _, _, err := b.ReleaseFD(); err == nil {
			t.Error("released twice")
		}
		c, err := tsocket.FromFD(ev, fd)
		must(t, err)
		write(t, ev, c, "back")
		read(t, ev, a, "back")
		c.Close()
		a.Close()
	}
	a, b := plainPipe(t, ev)
	_, _, err := a.ReleaseFD()
	is(t, err, syscall.EOPNOTSUPP)
	a.Close()
	b.Close()
}

func TestFromFDOwnsTheDescriptorAlsoWhenItFails(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	a, err := tsocket.FromFD(ev, fds[0])
	must(t, err)
	b, err := tsocket.FromFD(ev, fds[1])
	must(t, err)
	write(t, ev, a, "x")
	read(t, ev, b, "x")
	a.Close()
	b.Close()
	var pipe [2]int
	must(t, unix.Pipe2(pipe[:], unix.O_CLOEXEC))
	file, err := unix.Open(os.Args[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	must(t, err)
	_, err = tsocket.FromFD(ev, file)
	is(t, err, unix.EPERM) // nobody can wait for a file
	must(t, unix.Close(pipe[0]))
	must(t, unix.Close(pipe[1]))
	_, err = tsocket.FromFD(ev, file) // closed
	is(t, err, unix.EBADF)
}
