//go:build unix

package sim_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
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

func runLoopWait(g *scene) error { return g.loops(g.ev.LoopWait) }

// runRun runs the loop until nothing is left, and not at all for who is over.
func runRun(g *scene) error {
	return g.loops(func() error {
		if err := g.ev.Run(over{context.Background()}); err != errOver {
			return err
		}
		return g.ev.Run(context.Background())
	})
}

// over is done, but tells nobody.
type over struct{ context.Context }

var errOver = errors.New("over")

func (over) Err() error { return errOver }

// loops runs the loop for a timer.
func (g *scene) loops(run func() error) error {
	r := tevent.Sleep(g.ev, 10*time.Millisecond)
	if err := run(); err != nil {
		r.Drop()
		return faulttest.LoopError{Err: err}
	}
	_, err := r.Result()
	return err
}

// runPipe is well when a pipe breaks as it was told to.
func runPipe(g *scene) error {
	a, b := tsocket.Pipe(g.ev, tsocket.PipeConfig{AtoB: tsocket.PipeFault{Kind: tsocket.PipeReset, At: 10}})
	g.ends = append(g.ends, a, b)
	if _, err := result(g, a.Writev([]byte(words))); !errors.Is(err, syscall.ECONNRESET) {
		return err
	}
	_, err := result(g, b.Readv(make([]byte, len(words))))
	if errors.Is(err, syscall.ECONNRESET) {
		return nil
	}
	return err
}
