//go:build unix

package sim_test

import (
	"errors"
	"fmt"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// rightsOperations are those of a unix stream that carries descriptors.
func rightsOperations() []operation {
	list := []operation{
		{Op: faulttest.Op{Name: "send rights", Rights: true, AtOnce: true}, run: runSendRights, again: runSendRights},
		{Op: faulttest.Op{Name: "send rights long", Rights: true, Long: true}, run: runLongSendRights},
		{Op: faulttest.Op{Name: "recv rights", Rights: true}, run: runRecvRights, again: runRecvRights},
		{Op: faulttest.Op{Name: "peek rights", Rights: true}, run: runPeekRights, again: runPeekRights},
		{Op: faulttest.Op{Name: "peer cred", AtOnce: true}, run: runPeerCred, again: runPeerCred},
	}
	for i := range list {
		list[i].local = true
		list[i].prepare = prepareRights
	}
	return list
}

// prepareRights is a stream that carries descriptors, and one to send.
func prepareRights(g *scene) {
	prepareStream(g)
	g.note(g.s.CarryRights())
	g.fd = g.token()
}

// token is a descriptor that ends with the run.
func (g *scene) token() int {
	k := g.ev.Driver().Kernel
	fd, errno := k.Eventfd(0)
	if errno != 0 {
		g.note(errno)
	}
	g.ends = append(g.ends, closer(func() error {
		k.Close(fd)
		return nil
	}))
	return fd
}

func runSendRights(g *scene) error {
	n, err := result(g, g.s.SendRights([]byte(words), g.fd, g.fd))
	g.sends(words, n)
	return err
}

func runLongSendRights(g *scene) error {
	r := g.s.SendRights([]byte(lengthy), g.fd)
	g.far.listen()
	n, err := result(g, r)
	g.sends(lengthy, n)
	return err
}

// writeRights has the far side send two descriptors, of which it keeps none.
func (f *far) writeRights(text string) {
	f.order(func(s *tsocket.Stream) {
		k := f.ev.Driver().Kernel
		fd, errno := k.Eventfd(0)
		if errno != 0 {
			panic(errno)
		}
		s.SendRights([]byte(text), fd, fd).Ignore()
		k.Close(fd)
	})
}

func runRecvRights(g *scene) error {
	b := make([]byte, len(words))
	r := g.s.RecvRights(b, make([]int, 3))
	g.far.writeRights(words)
	got, err := result(g, r)
	return errors.Join(prefix(string(b[:got.N]), words, err), g.two(got.FDs, err))
}

// two wants two descriptors, and none beside an error, and closes them.
func (g *scene) two(fds []int, err error) error {
	for _, fd := range fds {
		g.ev.Driver().Kernel.Close(fd)
	}
	if err == nil && len(fds) != 2 || err != nil && len(fds) != 0 {
		return fmt.Errorf("%d descriptors came beside %v", len(fds), err)
	}
	return nil
}

// runPeekRights looks at the bytes first.
func runPeekRights(g *scene) error {
	peek := g.s.Peek(len(words))
	g.far.writeRights(words)
	if b, err := result(g, peek); err != nil {
		return prefix(string(b), words, err)
	}
	b := make([]byte, len(words))
	got, err := result(g, g.s.RecvRights(b, make([]int, 2)))
	return errors.Join(prefix(string(b[:got.N]), words, err), g.two(got.FDs, err))
}

func runPeerCred(g *scene) error {
	c, err := g.s.PeerCred()
	if err == nil && c.PID == 0 {
		return errors.New("nobody is at the other end")
	}
	return err
}
