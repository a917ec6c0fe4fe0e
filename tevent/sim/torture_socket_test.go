//go:build unix

package sim_test

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// socketOperations are those of a socket that becomes something.
func socketOperations() []operation {
	return []operation{
		{Op: faulttest.Op{Name: "socket connect", Late: true}, run: runSocketConnect},
		{Op: faulttest.Op{Name: "socket connect unix", Unix: true}, local: true, run: runSocketConnect},
		{Op: faulttest.Op{Name: "socket listen", Opens: true, AtOnce: true}, run: runSocketListen},
		{Op: faulttest.Op{Name: "socket listen unix", Opens: true, Unix: true, AtOnce: true}, local: true, run: runSocketListen},
		{Op: faulttest.Op{Name: "socket dgram", Opens: true, AtOnce: true, Prompt: true}, run: runSocketDgram},
		{Op: faulttest.Op{Name: "socket from fd", Opens: true, Asks: true, AtOnce: true}, prepare: prepareStream, run: runSocketFromFD},
		{Op: faulttest.Op{Name: "handlers of the broken", Loose: true}, prepare: prepareStream, run: runBroken},
		{Op: faulttest.Op{Name: "try dgram", Opens: true, Loose: true}, run: runTryDgram},
	}
}

// address is one of the near host's, or a unix one.
func (g *scene) address() tsocket.Address {
	if g.op.local {
		return must(tsocket.ParseAddress("unix:/run/near"))
	}
	return must(tsocket.ParseAddress("10.0.0.1:0"))
}

func runSocketConnect(g *scene) error {
	local := must(tsocket.ParseAddress("0.0.0.0:0"))
	if g.op.local {
		local = tsocket.UnnamedUnix()
	}
	s, err := tsocket.NewSocket(g.ev, tsocket.SocketStream, local)
	if err != nil {
		return err
	}
	g.s, err = result(g, s.Connect(g.ev, g.far.addr))
	if spent := spends(g, s); err == nil {
		err = spent
	}
	return err
}

// spends complains if a socket can be used although it has become something.
func spends(g *scene, s *tsocket.Socket) error {
	_, stream := s.Stream(g.ev)
	_, dgram := s.Dgram(g.ev, g.far.addr)
	_, listen := s.Listen(g.ev, 1)
	_, connect := tevent.Wait(g.ev, s.Connect(g.ev, g.far.addr))
	for _, err := range []error{stream, dgram, listen, connect, s.Status(), s.Options().SetReuseAddr(true)} {
		if !errors.Is(err, syscall.EBADF) {
			return fmt.Errorf("a socket that is none says %w", err)
		}
	}
	return nil
}

func runSocketListen(g *scene) error {
	s, err := tsocket.NewSocket(g.ev, tsocket.SocketStream, g.address())
	if err != nil {
		return err
	}
	g.l, err = s.Listen(g.ev, 5)
	return err
}

func runSocketDgram(g *scene) error {
	s, err := tsocket.NewSocket(g.ev, tsocket.SocketDgram, g.address())
	if err != nil {
		return err
	}
	d, err := s.Dgram(g.ev, g.far.addr)
	if err == nil {
		g.ends = append(g.ends, d)
	}
	return err
}

// number is a descriptor that is closed in the end.
type number struct {
	g  *scene
	fd int
}

func (n number) Close() error {
	if errno := n.g.ev.Driver().Kernel.Close(n.fd); errno != 0 {
		return errno
	}
	return nil
}

// runSocketFromFD makes a stream of a descriptor that stays open.
func runSocketFromFD(g *scene) error {
	fd, _, err := g.s.ReleaseFD()
	if err != nil {
		return err
	}
	g.ends = append(g.ends, number{g, fd})
	s, err := tsocket.SocketFromFD(g.ev, fd, false)
	if err != nil {
		return err
	}
	if err := s.Status(); err != nil {
		s.Close()
		return err
	}
	g.s, err = s.Stream(g.ev)
	return err
}

// runBroken sets handlers when the connection is over, which are told.
func runBroken(g *scene) error {
	g.far.reset()
	var loop faulttest.LoopError
	switch _, err := result(g, g.s.Readv(make([]byte, 1))); {
	case err == nil:
		return errors.New("a byte came")
	case errors.As(err, &loop):
		return err
	}
	for _, d := range []struct {
		set func(f func())
		try func(bufs ...[]byte) (int, error)
	}{{g.s.SetReadableHandler, g.s.TryReadv}, {g.s.SetWriteableHandler, g.s.TryWritev}} {
		if _, err := d.try(); !errors.Is(err, syscall.EINVAL) {
			return err
		}
		_, err := result(g, handled(g, 1, d.set, func(int) (int, error) {
			if _, err := d.try([]byte("x")); err == nil {
				g.text, g.cutIn = "x", true
				return 0, errors.New("it is not broken in this direction, or not yet")
			}
			return 1, nil
		}))
		if err != nil {
			return err
		}
	}
	g.s.Close()
	if _, err := g.s.Options().ReuseAddr(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// runTryDgram receives by a handler what another endpoint sends.
func runTryDgram(g *scene) error {
	x, err := tsocket.OpenDgram(g.ev, g.address(), tsocket.Address{})
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := tsocket.OpenDgram(g.ev, g.address(), tsocket.Address{})
	if err != nil {
		return err
	}
	defer y.Close()
	got := handled(g, len(words), x.SetReadableHandler, func(int) (int, error) {
		d, err := x.TryRecvfrom(make([]byte, 100))
		return d.N, err
	})
	var sent error
	later := tevent.NewTimer(g.ev, func() { _, sent = y.TrySendto([]byte(words), x.LocalAddr()) })
	later.Reset(time.Millisecond)
	_, err = result(g, got)
	later.Stop()
	if err == nil {
		err = sent
	}
	if err != nil {
		return err
	}
	if _, err := x.TrySendto(nil, tsocket.Address{}); !errors.Is(err, syscall.EDESTADDRREQ) {
		return err
	}
	x.Close()
	if _, err := x.TryRecvfrom(nil); !errors.Is(err, net.ErrClosed) {
		return err
	}
	if _, err := x.TrySendto(nil, y.LocalAddr()); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
