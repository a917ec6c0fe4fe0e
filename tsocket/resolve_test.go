//go:build linux

package tsocket_test

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tevent/sim/oracle"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// named runs body in a world with names.
func named(t *testing.T, body func(w *sim.World, ev *tevent.Context)) {
	t.Helper()
	w := sim.Test(t)
	w.Watch(oracle.All()...)
	w.Name("server.example", at(10*ms, four...), at(20*ms, six[0]))
	w.Name("four.example", at(10*ms, four[0]), none)
	w.Name("broken.example", down, down)
	w.Name("silent.example", lost, lost)
	w.Host("10.0.0.1").Go("client", func(ev *tevent.Context) { body(w, ev) })
	if err := w.Run(); err != nil {
		t.Error(err)
	}
}

// texts are addresses as they are written.
func texts(addrs []tsocket.Address) (all []string) {
	for _, a := range addrs {
		all = append(all, a.String())
	}
	return all
}

func TestResolveAsksForNames(t *testing.T) {
	named(t, func(w *sim.World, ev *tevent.Context) {
		for _, c := range []struct {
			network, address string
			want             []string
		}{
			{"", "server.example:80", []string{"[fd00::4]:80", "10.0.0.4:80", "10.0.0.5:80", "10.0.0.6:80"}},
			{"ip4", "server.example:80", []string{"10.0.0.4:80", "10.0.0.5:80", "10.0.0.6:80"}},
			{"ip6", "SERVER.example:0", []string{"[fd00::4]:0"}},
			{"ip", "four.example:65535", []string{"10.0.0.4:65535"}},
		} {
			r := tsocket.NewResolver(ev, tsocket.ResolverConfig{Network: c.network})
			got, err := tevent.Wait(ev, r.Resolve(c.address))
			if !slices.Equal(texts(got), c.want) || err != nil {
				t.Errorf("%s %s: %v, %v", c.network, c.address, got, err)
			}
		}
	})
}

func TestResolveTellsEveryError(t *testing.T) {
	named(t, func(w *sim.World, ev *tevent.Context) {
		dns := func(err error) *net.DNSError {
			e := &net.DNSError{}
			if !errors.As(err, &e) {
				t.Errorf("%v is no *net.DNSError", err)
			}
			return e
		}
		_, err := tevent.Wait(ev, tsocket.Resolve(ev, "nobody.example:80"))
		if !dns(err).IsNotFound {
			t.Error(err)
		}
		_, err = tevent.Wait(ev, tsocket.Resolve(ev, "broken.example:80"))
		if !dns(err).IsTemporary {
			t.Error(err)
		}
		from := w.Elapsed()
		_, err = tevent.Wait(ev, tsocket.Resolve(ev, "silent.example:80").SetTimeout(time.Second))
		if !errors.Is(err, os.ErrDeadlineExceeded) || w.Elapsed()-from > time.Second+ms {
			t.Error(err, w.Elapsed()-from)
		}
		for _, bad := range []string{"", "server.example", "server.example:http", "server.example:65536", "server.example:-1", "[::1", "a:b:80"} {
			if _, err = tevent.Wait(ev, tsocket.Resolve(ev, bad)); !errors.Is(err, syscall.EINVAL) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

// On every backend; in the simulated world nobody is asked for a name that exists.
func TestResolveAsksNobodyAboutAnAddress(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		for _, s := range []string{"127.0.0.1:80", "[::1]:80", ":80", "unix:/run/x"} {
			want, err := tsocket.ParseAddress(s)
			must(b, err)
			r := tsocket.Resolve(b.Ev, s)
			if r.InProgress() {
				b.Errorf("%s: asks", s)
			}
			if got := done(b, b.Ev, r); len(got) != 1 || got[0] != want {
				b.Errorf("%s: %v", s, got)
			}
		}
	})
}

func TestResolverKeepsAnswersForItsTTL(t *testing.T) {
	named(t, func(w *sim.World, ev *tevent.Context) {
		took := func(r *tsocket.Resolver, address string) time.Duration {
			from := w.Elapsed()
			if _, err := tevent.Wait(ev, r.Resolve(address)); err != nil && !strings.Contains(address, "broken") {
				t.Error(err)
			}
			return w.Elapsed() - from
		}
		want := func(what string, got, want time.Duration) {
			if got < want || got > want+ms {
				t.Errorf("%s: took %v, want %v", what, got, want)
			}
		}
		off := tsocket.NewResolver(ev, tsocket.ResolverConfig{})
		for range 2 {
			want("off", took(off, "four.example:80"), 10*ms)
		}
		r := tsocket.NewResolver(ev, tsocket.ResolverConfig{TTL: time.Minute, Names: 2})
		want("first", took(r, "server.example:80"), 20*ms)
		want("kept", took(r, "Server.Example:443"), 0)
		w.Name("server.example", none, at(30*ms, six[1]))
		want("still", took(r, "server.example:80"), 0)
		for range 2 {
			want("failure", took(r, "broken.example:80"), 10*ms)
		}
		if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Minute)); err != nil {
			t.Error(err)
		}
		want("after its time", took(r, "server.example:80"), 30*ms)
		want("kept again", took(r, "server.example:80"), 0)
		w.Name("b.example", at(10*ms, four[1]), none)
		want("second", took(r, "four.example:80"), 10*ms)
		want("third", took(r, "b.example:80"), 10*ms)
		want("pushed out", took(r, "server.example:80"), 30*ms)
	})
}

func TestDialTakesWhatItsResolverHasKept(t *testing.T) {
	named(t, func(w *sim.World, ev *tevent.Context) {
		w.Host(four[0])
		c := tsocket.DialConfig{Resolver: tsocket.NewResolver(ev, tsocket.ResolverConfig{TTL: time.Minute, Network: "ip4"})}
		for _, want := range []time.Duration{10 * ms, 0} {
			from := w.Elapsed()
			_, err := tevent.Wait(ev, c.Dial(ev, "four.example:80"))
			if took := w.Elapsed() - from; !errors.Is(err, syscall.ECONNREFUSED) || !near(took, want) {
				t.Error(err, took)
			}
		}
	})
}

// On the real system: the name that every host has.
func TestDialOfLocalhost(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	l := listen(t, ev, address(t, "127.0.0.1:0"))
	accept := l.Accept()
	_, port, err := net.SplitHostPort(l.Addr().String())
	must(t, err)
	a := done(t, ev, tsocket.Dial(ev, "localhost:"+port))
	b := done(t, ev, accept)
	closing(t, a, b)
	write(t, ev, a, "hello")
	read(t, ev, b, "hello")
	l.Close()
}
