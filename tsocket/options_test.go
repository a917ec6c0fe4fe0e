//go:build linux

package tsocket_test

import (
	"math"
	"net"
	"syscall"
	"testing"
	"time"

	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestOptionsAreToldAsTheyWereSet(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, _ := connectedOn(b, "127.0.0.1:0")
		o := s.Options()
		toggles(b, "NoDelay", true, o.NoDelay, o.SetNoDelay)
		toggles(b, "KeepAlive", true, o.KeepAlive, o.SetKeepAlive)
		toggles(b, "ReuseAddr", false, o.ReuseAddr, o.SetReuseAddr)
		toggles(b, "Broadcast", false, o.Broadcast, o.SetBroadcast)
		keeps(b, "KeepIdle", 15*time.Second, 40*time.Second, o.KeepIdle, o.SetKeepIdle)
		keeps(b, "KeepInterval", 15*time.Second, 3*time.Second, o.KeepInterval, o.SetKeepInterval)
		keeps(b, "KeepCount", 9, 3, o.KeepCount, o.SetKeepCount)
		keeps(b, "UserTimeout", 0, 1500*time.Millisecond, o.UserTimeout, o.SetUserTimeout)
		keeps(b, "Linger", -time.Second, 0, o.Linger, o.SetLinger)
		keeps(b, "Linger", 0, -time.Second, o.Linger, o.SetLinger)
		keeps(b, "TTL", 64, 3, o.TTL, o.SetTTL)
	})
}

// toggles changes a switch from what it has to be at first, and back.
func toggles(t testing.TB, name string, first bool, get func() (bool, error), set func(bool) error) {
	t.Helper()
	keeps(t, name, first, !first, get, set)
	keeps(t, name, !first, first, get, set)
}

// keeps changes an option from what it has to be at first.
func keeps[T comparable](t testing.TB, name string, first, then T, get func() (T, error), set func(T) error) {
	t.Helper()
	if v, err := get(); v != first || err != nil {
		t.Errorf("%s is %v, %v at first, want %v", name, v, err, first)
	}
	if err := set(then); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if v, err := get(); v != then || err != nil {
		t.Errorf("%s is %v, %v, and was set to %v", name, v, err, then)
	}
}

func TestBuffersAreAtLeastWhatWasSet(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		_, s := connectedOn(b, "unix:"+b.TempDir()+"/s")
		o := s.Options()
		must(b, o.SetSendBuffer(50000))
		must(b, o.SetRecvBuffer(60000))
		send, err := o.SendBuffer()
		must(b, err)
		recv, err := o.RecvBuffer()
		must(b, err)
		if send < 50000 || send > 100000 || recv < 60000 || recv > 120000 {
			b.Errorf("%d and %d bytes", send, recv)
		}
	})
}

// A part of a unit counts as a whole one, as for a time-out.
func TestTimesOfOptionsAreRoundedUp(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, _ := connectedOn(b, "127.0.0.1:0")
		o := s.Options()
		must(b, o.SetKeepIdle(1500*time.Millisecond))
		must(b, o.SetUserTimeout(1500*time.Microsecond))
		must(b, o.SetLinger(time.Nanosecond))
		idle, _ := o.KeepIdle()
		user, _ := o.UserTimeout()
		linger, _ := o.Linger()
		if idle != 2*time.Second || user != 2*time.Millisecond || linger != time.Second {
			b.Error(idle, user, linger)
		}
		must(b, o.SetLinger(-time.Hour))
	})
}

func TestListenersHaveOptions(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l, err := tsocket.ListenConfig{ReusePort: true}.Listen(b.Ev, address(b, "[::]:0"))
		must(b, err)
		defer l.Close()
		o := l.Options()
		port, err := o.ReusePort()
		must(b, err)
		addr, err := o.ReuseAddr()
		must(b, err)
		v6only, err := o.V6Only()
		must(b, err)
		if !port || !addr || v6only {
			b.Error(port, addr, v6only)
		}
		keeps(b, "MulticastTTL", 1, 1, o.MulticastTTL, func(int) error { return nil })
		keeps(b, "MulticastLoop", true, false, o.MulticastLoop, o.SetMulticastLoop)
		keeps(b, "TTL", 64, 5, o.TTL, o.SetTTL)
		must(b, l.Close())
		_, err = o.ReusePort()
		is(b, err, net.ErrClosed)
	})
}

// As in the API of 2009: names as the C headers have them, numbers as text, and
// force for what is not known.
func TestOptionsHaveNames(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, _ := connectedOn(b, "127.0.0.1:0")
		o := s.Options()
		for _, c := range []struct{ name, first, then string }{
			{"SO_REUSEADDR", "0", "1"}, {"SO_BROADCAST", "0", "1"}, {"SO_KEEPALIVE", "1", "0"},
			{"SO_LINGER", "-1", "0"}, {"TCP_NODELAY", "1", "0"}, {"TCP_KEEPIDLE", "15", "20"},
			{"TCP_KEEPINTVL", "15", "20"}, {"TCP_KEEPCNT", "9", "4"}, {"TCP_USER_TIMEOUT", "0", "700"},
			{"IP_TTL", "64", "9"}, {"IP_TOS", "0", "16"},
		} {
			for _, force := range []bool{false, true} {
				keeps(b, c.name, c.first, c.then,
					func() (string, error) { return o.Get(c.name, force) },
					func(v string) error { return o.Set(c.name, force, v) })
				must(b, o.Set(c.name, force, c.first))
			}
		}
		is(b, o.Set("SO_KEEPALIVE", false, "yes"), syscall.EINVAL)
		is(b, o.Set("SO_SNDBUF", false, "5000000000"), syscall.EINVAL)
	})
}

func TestUnknownOptionsAreAnErrorWithForceOnly(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, _ := connectedOn(b, "127.0.0.1:0")
		o := s.Options()
		v, err := o.Get("SO_WHATEVER", false)
		if v != "" || err != nil {
			b.Errorf("%q, %v", v, err)
		}
		must(b, o.Set("SO_WHATEVER", false, "1"))
		_, err = o.Get("SO_WHATEVER", true)
		is(b, err, syscall.ENOSYS)
		is(b, o.Set("SO_WHATEVER", true, "1"), syscall.ENOSYS)
		if _, ok := err.(*net.OpError); !ok {
			b.Errorf("%T", err)
		}
	})
}

func TestOptionsOfAnotherKindOfSocketAreRefused(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, _ := connectedOn(b, "unix:"+b.TempDir()+"/s")
		_, err := s.Options().NoDelay()
		is(b, err, syscall.EOPNOTSUPP)
		is(b, s.Options().SetUserTimeout(time.Second), syscall.EOPNOTSUPP)
		if tooMany := int64(1) << 40; math.MaxInt > math.MaxInt32 { // no int is, elsewhere
			is(b, s.Options().SetKeepCount(int(tooMany)), syscall.EINVAL)
		}
	})
}

// A descriptor that is closed may be somebody else's by now.
func TestOptionsEndWithTheirStream(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s, r := connectedOn(b, "127.0.0.1:0")
		o, p := s.Options(), r.Options()
		must(b, s.Close())
		_, err := o.NoDelay()
		is(b, err, net.ErrClosed)
		is(b, o.Set("TCP_NODELAY", false, "0"), net.ErrClosed)
		done(b, b.Ev, r.Disconnect())
		is(b, p.SetNoDelay(true), syscall.ENOTCONN)
	})
}

func TestStreamsWithoutASocketHaveNoOptions(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		a, c := tsocket.Pipe(b.Ev, tsocket.PipeConfig{})
		defer a.Close()
		defer c.Close()
		_, err := a.Options().NoDelay()
		is(b, err, syscall.EOPNOTSUPP)
		is(b, c.Options().SetLinger(0), syscall.EOPNOTSUPP)
	})
}

// withOptions is a transport above a socket.
type withOptions struct {
	tsocket.StreamOps
	below *tsocket.Stream
}

func (w withOptions) Options() tsocket.Options { return w.below.Options() }

func TestATransportTellsTheOptionsBelowIt(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		below, _ := connectedOn(b, "127.0.0.1:0")
		s := tsocket.NewStream(b.Ev, withOptions{idleOps{}, below}, tsocket.Address{}, tsocket.Address{})
		defer s.Close()
		if on, err := s.Options().NoDelay(); !on || err != nil {
			b.Error(on, err)
		}
	})
}

// idleOps is a transport on which nothing happens.
type idleOps struct{ tsocket.StreamOps }

func (idleOps) Close() error { return nil }

// connectedOn is a connected pair that ends with the body.
func connectedOn(b *bt.Backend, addr string) (client, server *tsocket.Stream) {
	b.Helper()
	l, err := tsocket.Listen(b.Ev, address(b, addr))
	must(b, err)
	accept := l.Accept()
	client = done(b, b.Ev, tsocket.Connect(b.Ev, l.Addr()))
	server = done(b, b.Ev, accept)
	must(b, l.Close())
	b.Cleanup(func() {
		client.Close()
		server.Close()
	})
	return client, server
}
