//go:build unix

package tsocket_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tsocket"
	"github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

func TestDgramOverUDP(t *testing.T)  { dgramSuite(t, apart("127.0.0.1:0", "127.0.0.1:0")) }
func TestDgramOverUDP6(t *testing.T) { dgramSuite(t, apart("[::1]:0", "[::1]:0")) }

func TestDgramOverConnectedUDP(t *testing.T) { dgramSuite(t, together("127.0.0.1:0")) }

func TestDgramOverUnix(t *testing.T) {
	dgramSuite(t, func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram) {
		dir := "unix:" + t.TempDir()
		return apart(filepath.Join(dir, "a"), filepath.Join(dir, "b"))(t, ev)
	})
}

func TestDgramOverSocketpair(t *testing.T) { dgramSuite(t, dgramSocketpair) }

func TestDgramOverSimulatedUDP(t *testing.T) {
	tsockettest.DgramSuiteIn(t, simtest.Run, apart("10.0.0.1:0", "10.0.0.1:0"))
}

func TestDgramOverSimulatedUDP6(t *testing.T) {
	tsockettest.DgramSuiteIn(t, simtest.Run, apart("[fd00::1]:0", "[fd00::1]:0"))
}

func TestDgramOverSimulatedUnix(t *testing.T) {
	tsockettest.DgramSuiteIn(t, simtest.Run, apart("unix:/run/a", "unix:@b"))
}

func TestDgramOverSimulatedConnectedUDP(t *testing.T) {
	tsockettest.DgramSuiteIn(t, simtest.Run, together("10.0.0.1:0"))
}

func TestDgramOverCoalescedUDP(t *testing.T) {
	dgramSuite(t, coalesced("127.0.0.1:0"))
}

func TestDgramOverSimulatedCoalescedUDP(t *testing.T) {
	tsockettest.DgramSuiteIn(t, simtest.Run, coalesced("10.0.0.1:0"))
}

// coalesced makes endpoints that the kernel may hand several datagrams at once.
func coalesced(addr string) tsockettest.NewDgrams {
	return func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram) {
		for _, d := range []**tsocket.Dgram{&a, &b} {
			var err error
			if *d, err = (tsocket.DgramConfig{Coalesce: true}).Open(ev, address(t, addr), tsocket.Address{}); err != nil {
				t.Fatal(err)
			}
		}
		return a, b
	}
}

// apart makes endpoints at two addresses.
func apart(at, bt string) tsockettest.NewDgrams {
	return func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram) {
		return open(t, ev, address(t, at), tsocket.Address{}), open(t, ev, address(t, bt), tsocket.Address{})
	}
}

// together makes endpoints that are connected with each other.
func together(addr string) tsockettest.NewDgrams {
	return func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram) {
		to := open(t, ev, address(t, addr), tsocket.Address{})
		a = open(t, ev, address(t, addr), to.LocalAddr())
		at := to.LocalAddr()
		to.Close()
		return a, open(t, ev, at, a.LocalAddr())
	}
}

func open(t testing.TB, ev *tevent.Context, local, remote tsocket.Address) *tsocket.Dgram {
	t.Helper()
	d, err := tsocket.OpenDgram(ev, local, remote)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func dgramSocketpair(t testing.TB, ev *tevent.Context) (a, b *tsocket.Dgram) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range []**tsocket.Dgram{&a, &b} {
		if *d, err = tsocket.DgramFromFD(ev, fds[i]); err != nil {
			t.Fatal(err)
		}
	}
	return a, b
}
