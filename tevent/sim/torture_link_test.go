//go:build unix

package sim_test

import (
	"errors"

	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tsocket"
)

func runListen(g *scene) error           { return g.listen("10.0.0.1:0") }
func runListenEverywhere(g *scene) error { return g.listen("[::]:0") }

func (g *scene) listen(addr string) (err error) {
	g.l, err = tsocket.Listen(g.ev, must(tsocket.ParseAddress(addr)))
	return err
}

const nearName = "/run/near"

// runListenUnix complains also when a listener that is none leaves its name,
// unless that cannot be removed.
func runListenUnix(g *scene) error {
	err := g.listen("unix:" + nearName)
	if err == nil {
		err = g.l.Close()
	}
	sticks := g.plan != nil && g.plan[0].Call == "Unlink"
	g.ends = append(g.ends, closer(func() error {
		if errno := g.ev.Driver().Kernel.Unlink(nearName); errno == 0 && !sticks {
			return errors.New("the name is left")
		}
		return nil
	}))
	return err
}

// closer is a function that closes something.
type closer func() error

// Close calls it.
func (f closer) Close() error { return f() }

func runConnect(g *scene) (err error) {
	g.s, err = result(g, tsocket.Connect(g.ev, g.far.addr))
	return err
}

func runConnectFrom(g *scene) (err error) {
	g.s, err = result(g, tsocket.ConnectFrom(g.ev, must(tsocket.ParseAddress("10.0.0.1:0")), g.far.addr))
	return err
}

func prepareListen(g *scene) { g.note(g.listen("10.0.0.1:0")) }

// prepareAccept has three connections wait.
func prepareAccept(g *scene) {
	prepareListen(g)
	n := len(g.far.conns)
	g.far.connect(g.l.Addr(), 3)
	g.until(func() bool { return len(g.far.conns) == n+3 })
}

func runAccept(g *scene) (err error) {
	g.s, err = result(g, g.l.Accept())
	return err
}

func runAcceptLater(g *scene) (err error) {
	r := g.l.Accept()
	g.far.connect(g.l.Addr(), 3)
	g.s, err = result(g, r)
	return err
}

func runSocketpair(g *scene) error {
	a, b, err := tsocket.Socketpair(g.ev)
	if err == nil {
		g.ends = append(g.ends, a, b)
	}
	return err
}

// prepareDial has the far side answer negotiations.
func prepareDial(g *scene) {
	g.far.answer()
	g.until(func() bool { return g.far.names != nil })
}

func runDial(g *scene) error {
	return g.talk(result(g, endpoint(g.ev, "near").Dial(g.far.names.Addr())))
}

// talk keeps a connection until the end of the run.
func (g *scene) talk(c *precon.Conn, err error) error {
	if err == nil {
		g.ends = append(g.ends, c)
	}
	return err
}

func prepareAnswer(g *scene) {
	g.names = must(endpoint(g.ev, "near").Listen(must(tsocket.ParseAddress("10.0.0.1:0"))))
	g.ends = append(g.ends, g.names)
}

func runAnswer(g *scene) error {
	r := g.names.Accept()
	g.far.dial(g.names.Addr())
	return g.talk(result(g, r))
}
