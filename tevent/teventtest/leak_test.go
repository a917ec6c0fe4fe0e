//go:build linux

package teventtest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type op struct {
	tevent.Op[tevent.None]
}

// pipe is open until the end of the test.
func pipe(t *testing.T) (fds [2]int) {
	t.Helper()
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fds[0]); _ = unix.Close(fds[1]) })
	return fds
}

// The negative control: one of each kind is leaked on purpose.
func TestEveryKindOfLeakIsNamedWithItsLine(t *testing.T) {
	r := &recorder{TB: t}
	ev := teventtest.New(r)
	fd := pipe(t)[0]
	o := &op{}
	places := map[string]string{}
	leak := func(what, here string, f func()) { places[what] = here; f() }

	leak("request forgotten", line(), func() { o.Start(ev, "forgotten") })
	leak("timer timer", line(), func() { tevent.NewTimer(ev, func() {}).Reset(time.Hour) })
	leak("fd fd event", line(), func() { _, _ = tevent.NewFD(ev, fd, tevent.FDRead, func(tevent.Flags) {}) })
	leak("mapping ring", line(), func() { ev.Hold(tevent.KindMapping, "ring") })
	leak("queue entry hello", line(), func() { ev.Hold(tevent.KindEntry, "hello") })
	leak("buffer peeked", line(), func() { ev.Hold(tevent.KindBuffer, "peeked") })
	r.end()

	for what, here := range places {
		if !r.says("leaked: "+what, "created at "+here) {
			t.Errorf("no report of %q at %s in\n%s", what, here, strings.Join(r.report, "\n"))
		}
	}
	if want := len(places); len(r.report) != want {
		t.Errorf("%d reports, want %d:\n%s", len(r.report), want, strings.Join(r.report, "\n"))
	}
}

func TestReceiveBuffersThatAreKeptAreReported(t *testing.T) {
	r := &recorder{TB: t}
	ev := teventtest.New(r)
	ev.Driver().Buffers.Take(600)
	r.end()
	if len(r.report) != 1 || !r.says("leaked: buffer, 1024 bytes") {
		t.Error(r.report)
	}
}

func TestWhatWasGivenBackIsNotReported(t *testing.T) {
	r := &recorder{TB: t}
	ev := teventtest.New(r)
	timer := tevent.NewTimer(ev, func() {})
	timer.Reset(time.Hour)
	timer.Stop()
	h := ev.Hold(tevent.KindBuffer, "peeked")
	h.Release()
	ev.Driver().Buffers.Give(ev.Driver().Buffers.Take(600))
	if _, err := tevent.Wait(ev, tevent.Sleep(ev, 0)); err != nil {
		t.Fatal(err)
	}
	r.end()
	if len(r.report) != 0 {
		t.Error(r.report)
	}
}

func TestFailureThatNobodyTakesFailsTheTest(t *testing.T) {
	r := &recorder{TB: t}
	ev := teventtest.New(r)
	ev.SetWaitTimeout(0)
	here := line()
	failed := tevent.Failed[int](ev, "lost", errors.New("no luck"))
	_ = ev.LoopOnce()
	_ = ev.LoopOnce()
	if len(r.report) != 1 || !r.says("nobody took", "lost", "no luck", nextLine(here)) {
		t.Error(r.report)
	}
	failed.Drop()
	r.end()
	if len(r.report) != 1 {
		t.Error(r.report)
	}
}

func TestGoroutineLeakIsNamedWithItsLine(t *testing.T) {
	r := &recorder{TB: t}
	teventtest.Process(r)
	stop, stopped := make(chan struct{}), make(chan struct{})
	here := line()
	go func() {
		<-stop
		close(stopped)
	}()
	r.end()
	close(stop)
	<-stopped
	if len(r.report) != 1 || !r.says("leaked: goroutine", nextLine(here)) {
		t.Error(r.report)
	}
}

func TestDescriptorAndMappingLeaksAreNamed(t *testing.T) {
	r := &recorder{TB: t}
	teventtest.Process(r)
	fd, err := unix.MemfdCreate("leaktest", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Ftruncate(fd, 4096); err != nil {
		t.Fatal(err)
	}
	m, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	r.end()
	_ = unix.Munmap(m)
	_ = unix.Close(fd)
	if len(r.report) != 2 || !r.says("leaked: fd", "/memfd:leaktest") || !r.says("leaked: mapping", "/memfd:leaktest") {
		t.Error(r.report)
	}
}

// A descriptor that has the number of another one is found by its inode.
func TestDescriptorThatReplacedAnotherIsNoticed(t *testing.T) {
	old := pipe(t)[0]
	r := &recorder{TB: t}
	teventtest.Process(r)
	other := pipe(t)[0]
	if err := unix.Dup3(other, old, unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	r.end()
	if len(r.report) != 3 { // the new pipe's two and the replaced one
		t.Error(r.report)
	}
}

func TestTidyProcessIsNotReported(t *testing.T) {
	r := &recorder{TB: t}
	teventtest.Process(r)
	ev := teventtest.New(r)
	if _, err := tevent.Wait(ev, tevent.Offload(ev, func() (int, error) { return 1, nil })); err != nil {
		t.Fatal(err)
	}
	r.end()
	if len(r.report) != 0 {
		t.Error(r.report)
	}
}
