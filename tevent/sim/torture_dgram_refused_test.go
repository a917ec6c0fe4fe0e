//go:build unix

package sim_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tsocket"
)

// dgramAttempts are the uses of an endpoint.
var dgramAttempts = map[string]func(g *scene, d *tsocket.Dgram) error{
	"recvfrom": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.Recvfrom(nil))
		return err
	},
	"recv batch": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.RecvBatch(make([]tsocket.Packet, 1)))
		return err
	},
	"sendto": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.Sendto(nil, g.farDgram()))
		return err
	},
	"send batch": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.SendBatch(make([]tsocket.Packet, 1)))
		return err
	},
	"sendto queue": func(g *scene, d *tsocket.Dgram) error {
		q := queue.New(g.ev, "torture")
		defer q.Close()
		_, err := result(g, d.SendtoQueue(q, nil, g.farDgram()))
		return err
	},
	"monitor": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.Monitor())
		return err
	},
	"disconnect": func(g *scene, d *tsocket.Dgram) error {
		_, err := result(g, d.Disconnect())
		return err
	},
	"set event context": func(_ *scene, d *tsocket.Dgram) error { return d.SetEventContext(nil) },
	"join": func(_ *scene, d *tsocket.Dgram) error {
		return d.Join(netip.MustParseAddr("239.255.77.1"), "")
	},
}

// inDgramScene runs f with an endpoint.
func inDgramScene(t *testing.T, f func(g *scene)) {
	t.Helper()
	op := faulttest.Op{Dgram: true}
	g := enact(operation{Op: op, prepare: prepareDgram, once: true, run: func(g *scene) error {
		f(g)
		return nil
	}}, 1, nil, nil)
	if err := g.failed(); err != nil {
		t.Error(err)
	}
}

func (g *scene) dgramRefuses(want error) {
	for name, do := range dgramAttempts {
		if err := do(g, g.d); !errors.Is(err, want) {
			g.notef("%s: %v, want %v", name, err, want)
		}
	}
}

func TestTortureOfADgramThatIsClosed(t *testing.T) {
	inDgramScene(t, func(g *scene) {
		q := queue.New(g.ev, "torture")
		defer q.Close()
		q.Stop()
		waits := g.d.SendtoQueue(q, []byte(words), g.farDgram())
		gone := g.d.SendtoQueue(q, []byte(words), g.farDgram())
		gone.Cancel()
		if _, err := result(g, gone); !errors.Is(err, context.Canceled) {
			g.notef("sendto queue, cancelled: %v", err)
		}
		g.note(g.d.Close())
		g.dgramRefuses(net.ErrClosed)
		q.Start()
		if _, err := result(g, waits); !errors.Is(err, net.ErrClosed) {
			g.notef("sendto queue, waiting: %v", err)
		}
	})
}

func TestTortureOfADgramThatIsDisconnected(t *testing.T) {
	inDgramScene(t, func(g *scene) {
		if _, err := result(g, g.d.Disconnect()); err != nil {
			g.note(err)
		}
		g.dgramRefuses(syscall.ENOTCONN)
	})
}
