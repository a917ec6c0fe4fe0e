//go:build unix

package sim_test

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/fault/faulttest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Names that nobody has, and addresses that are none.
func TestTortureOfNames(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		if _, err := result(g, tsocket.Dial(g.ev, "no port")); !errors.Is(err, syscall.EINVAL) {
			g.notef("dial of no address: %v", err)
		}
		var lookup *net.DNSError
		if _, err := result(g, tsocket.Dial(g.ev, "nobody.example:7")); !errors.As(err, &lookup) || !lookup.IsNotFound {
			g.notef("dial of nobody: %v", err)
		}
		return nil
	})
}

// Sockets of another type, and what is closed.
func TestTortureOfSocketsThatAreNoMore(t *testing.T) {
	inScene(t, faulttest.Op{}, func(g *scene) error {
		d := must(tsocket.OpenDgram(g.ev, must(tsocket.ParseAddress("10.0.0.1:0")), tsocket.Address{}))
		g.note(d.Close())
		if _, err := d.Options().SendBuffer(); !errors.Is(err, net.ErrClosed) {
			g.notef("options of a closed endpoint: %v", err)
		}
		s := must(tsocket.NewSocket(g.ev, tsocket.SocketStream, must(tsocket.ParseAddress("10.0.0.1:0"))))
		if _, err := s.Messages(g.ev); !errors.Is(err, syscall.EPROTOTYPE) {
			g.notef("messages of a socket of streams: %v", err)
		}
		return s.Close()
	})
}
