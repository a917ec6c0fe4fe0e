//go:build unix

package backendtest_test

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEachRunsOnEveryBackendAndInTheSimulation(t *testing.T) {
	var ran []string
	backendtest.Each(t, func(b *backendtest.Backend) {
		_, name, _ := strings.Cut(b.Name(), "/")
		ran = append(ran, name)
		timer := tevent.NewTimer(b.Ev, func() { ran = append(ran, "timer") })
		timer.Reset(time.Millisecond)
		b.Wait()
	})
	var want []string
	for _, name := range append(tevent.Backends(), "sim") {
		want = append(want, name, "timer")
	}
	if !slices.Equal(ran, want) {
		t.Fatal(ran)
	}
}

// What a body leaves open is closed behind it, once.
func TestEachGivesBackWhatTheBodyHasNot(t *testing.T) {
	teventtest.Process(t)
	backendtest.Each(t, func(b *backendtest.Backend) {
		p, q := b.Pair(), b.Pair()
		n := 0
		b.Watch(p.FD(), tevent.FDRead, func(tevent.Flags) { n++ })
		b.Look()
		p.Send()
		b.Turn()
		p.Take()
		b.Look()
		q.HangUp()
		if n != 1 {
			b.Error(n)
		}
	})
}

func TestRaiseIsToldToTheLoop(t *testing.T) {
	backendtest.Each(t, func(b *backendtest.Backend) {
		r := tevent.NextSignal(b.Ev, syscall.SIGUSR2)
		b.Raise(syscall.SIGUSR2)
		if sig, err := tevent.Wait(b.Ev, r); sig != os.Signal(syscall.SIGUSR2) || err != nil {
			b.Error(sig, err)
		}
	})
}
