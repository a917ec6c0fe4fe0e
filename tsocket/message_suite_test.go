//go:build linux

package tsocket_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

func TestMessagesOverSeqpacket(t *testing.T) {
	messageSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages) {
		return messengers(t, ev, "unix:"+filepath.Join(t.TempDir(), "s"))
	})
}

func TestMessagesOverSocketpair(t *testing.T) { messageSuite(t, messagePair) }

func TestMessagesOverTCP(t *testing.T) {
	messageSuite(t, tsockettest.Framed(tcpPair))
}

func TestMessagesOverConnectedTCP(t *testing.T) {
	messageSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages) {
		return messengers(t, ev, "127.0.0.1:0")
	})
}

func TestMessagesOverUnix(t *testing.T) {
	messageSuite(t, tsockettest.Framed(unixPair))
}

func TestMessagesOverExactUnix(t *testing.T) {
	messageSuite(t, tsockettest.Framed(func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		a, b = socketpair(t, ev)
		must(t, a.CarryRights())
		must(t, b.CarryRights())
		return a, b
	}))
}

func TestMessagesOverALayer(t *testing.T) {
	messageSuite(t, tsockettest.Framed(layered(tcpPair, veiled)))
}

func TestMessagesOverPipe(t *testing.T) {
	messageSuite(t, tsockettest.Framed(func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
		return tsocket.Pipe(ev, tsocket.PipeConfig{})
	}))
}

func TestMessagesOverSeededPipe(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			messageSuite(t, tsockettest.Framed(func(_ testing.TB, ev *tevent.Context) (a, b *tsocket.Stream) {
				return tsocket.Pipe(ev, tsocket.PipeConfig{Seed: seed, Delay: time.Duration(seed-1) * 200 * time.Microsecond})
			}))
		})
	}
}

func TestMessagesOverSimulatedSeqpacket(t *testing.T) { simulatedMessages(t, "unix:/run/s") }
func TestMessagesOverSimulatedTCP(t *testing.T)       { simulatedMessages(t, "10.0.0.1:0") }

func TestMessagesOverSimulatedSocketpair(t *testing.T) {
	tsockettest.MessageSuiteIn(t, simtest.Run, messagePair)
}

func simulatedMessages(t *testing.T, addr string) {
	tsockettest.MessageSuiteIn(t, simtest.Run, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages) {
		return messengers(t, ev, addr)
	})
}

func messagePair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages) {
	t.Helper()
	a, b, err := tsocket.SocketpairMessages(ev)
	must(t, err)
	return a, b
}

// messengers connects to a listener at addr, which is closed again.
func messengers(t testing.TB, ev *tevent.Context, addr string) (a, b *tsocket.Messages) {
	t.Helper()
	l, err := tsocket.ListenMessages(ev, address(t, addr))
	must(t, err)
	defer l.Close()
	accept := l.Accept()
	a = done(t, ev, tsocket.ConnectMessages(ev, l.Addr()))
	return a, done(t, ev, accept)
}
