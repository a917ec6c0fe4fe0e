//go:build unix

package sim_test

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// rightsAttempts are the uses of a stream that only a unix socket has.
var rightsAttempts = []attempt{
	waits("send rights", func(s *tsocket.Stream) tevent.Req[int] { return s.SendRights([]byte(words), 0) }),
	waits("recv rights", func(s *tsocket.Stream) tevent.Req[tsocket.Rights] { return s.RecvRights(make([]byte, 9), nil) }),
	{"carry rights", func(_ *scene, s *tsocket.Stream) error { return s.CarryRights() }},
	{"peer cred", func(_ *scene, s *tsocket.Stream) error {
		_, err := s.PeerCred()
		return err
	}},
	waits("send rights with a message", func(s *tsocket.Stream) tevent.Req[int] {
		return tsocket.FrameMessages(s).SendRights([]byte(words), 0)
	}),
	waits("recv rights with a message", func(s *tsocket.Stream) tevent.Req[tsocket.Message] {
		return tsocket.FrameMessages(s).RecvRights(make([]byte, 9), nil)
	}),
}

// messageAttempts are the uses of frames.
var messageAttempts = []attempt{
	waits("recv", func(s *tsocket.Stream) tevent.Req[tsocket.Message] {
		return tsocket.FrameMessages(s).Recv(make([]byte, 9))
	}),
	waits("send", func(s *tsocket.Stream) tevent.Req[int] { return tsocket.FrameMessages(s).Send([]byte(words)) }),
	{"send queue", func(g *scene, s *tsocket.Stream) error {
		q := queue.New(g.ev, "torture")
		defer q.Close()
		_, err := result(g, tsocket.FrameMessages(s).SendQueue(q, []byte(words)))
		return err
	}},
}

func TestTortureOfRightsThatAreRefused(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		g.refused(syscall.EOPNOTSUPP, g.s, rightsAttempts)
		g.s.Close()
		g.refused(net.ErrClosed, g.s, rightsAttempts, messageAttempts)
		s, err := tsocket.NewSocket(g.ev, tsocket.SocketStream, must(tsocket.ParseAddress("10.0.0.1:0")))
		if err != nil {
			return err
		}
		defer s.Close()
		if _, err := s.ListenMessages(g.ev, 0); !errors.Is(err, syscall.EPROTOTYPE) {
			g.notef("listen: %v", err)
		}
		return nil
	})
}

func TestTortureOfRightsAfterOverReads(t *testing.T) {
	g := enact(operation{local: true, once: true, prepare: prepareStream, run: func(g *scene) error {
		b := make([]byte, len(words))
		r := g.s.Readv(b)
		g.far.write(words)
		if _, err := result(g, r); err != nil {
			return err
		}
		if _, err := result(g, g.s.RecvRights(b, nil)); !errors.Is(err, syscall.EINVAL) {
			g.notef("recv rights: %v", err)
		}
		return nil
	}}, 1, nil, nil)
	if err := g.failed(); err != nil {
		t.Error(err)
	}
}

// Monitor takes the error that the system keeps, and Recv has it all the same.
func TestTortureOfMessagesThatWereReset(t *testing.T) {
	g := enact(operation{local: true, once: true, prepare: func(*scene) {}, run: func(g *scene) error {
		a, b, err := tsocket.SocketpairMessages(g.ev)
		if err != nil {
			return err
		}
		defer b.Close()
		a.Send([]byte(words)).Ignore()
		b.Send([]byte("unread")).Ignore()
		g.sleep(time.Millisecond)
		a.Close()
		if _, err := result(g, b.Monitor()); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("monitor: %v", err)
		}
		buf := make([]byte, 100)
		if got, err := result(g, b.Recv(buf)); err != nil || string(buf[:got.N]) != words {
			g.notef("recv: %q, %v", buf[:got.N], err)
		}
		if _, err := result(g, b.Recv(buf)); !errors.Is(err, syscall.ECONNRESET) {
			g.notef("recv: %v", err)
		}
		return nil
	}}, 1, nil, nil)
	if err := g.failed(); err != nil {
		t.Error(err)
	}
}
