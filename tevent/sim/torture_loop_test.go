package sim_test

import (
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// prepareFD has a connected descriptor that is nobody's.
func prepareFD(g *scene) {
	prepareStream(g)
	fd, _, err := g.s.ReleaseFD()
	g.note(err)
	g.s, g.fd = nil, fd
	g.ends = append(g.ends, closer(func() error {
		g.ev.Driver().Kernel.Close(fd)
		return nil
	}))
}

func runFD(g *scene) error {
	return watchFD(g, tevent.FDRead, func() { g.far.write(words) })
}

func runWritableFD(g *scene) error { return watchFD(g, tevent.FDWrite, func() {}) }

// watchFD waits until a condition holds, and asks for nothing then.
func watchFD(g *scene, flags tevent.Flags, cause func()) error {
	var x tevent.Op[tevent.Flags]
	var e *tevent.FD
	e, err := tevent.NewFD(g.ev, g.fd, flags, func(f tevent.Flags) { x.Finish(f, e.SetFlags(0)) })
	if err != nil {
		return err
	}
	defer e.Close()
	x.Start(g.ev, "watch")
	cause()
	_, err = result(g, x.Req())
	return err
}

// prepareSignal keeps a signal that comes too late from killing the process.
func prepareSignal(g *scene) {
	s := must(tevent.NewSignal(g.ev, syscall.SIGUSR1, func(os.Signal, int) {}))
	g.ends = append(g.ends, closer(func() error {
		g.sleep(time.Millisecond)
		return s.Close()
	}))
}

func runSignal(g *scene) error {
	var x tevent.Op[tevent.None]
	x.Start(g.ev, "wait for a signal")
	s := must(tevent.NewSignal(g.ev, syscall.SIGUSR1, func(os.Signal, int) { x.Done(tevent.None{}) }))
	defer s.Close()
	g.near.Signal(syscall.SIGUSR1)
	_, err := result(g, x.Req())
	return err
}

func runNextSignal(g *scene) error {
	r := tevent.NextSignal(g.ev, syscall.SIGUSR1)
	g.near.Signal(syscall.SIGUSR1)
	_, err := result(g, r)
	return err
}

func runOffload(g *scene) error {
	_, err := result(g, tevent.Offload(g.ev, func() (int, error) { return 1, nil }))
	return err
}

func runTimer(g *scene) error {
	_, err := result(g, tevent.Sleep(g.ev, 10*time.Millisecond))
	return err
}
