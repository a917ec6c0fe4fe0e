package sim_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// asked is what came of one look-up.
type asked struct {
	addrs []netip.Addr
	err   error
	after time.Duration
}

// lookUp asks in a world that names has prepared, for at most a second.
func lookUp(t *testing.T, seed uint64, names func(w *sim.World), network, host string) (a asked, hash uint64) {
	t.Helper()
	w := sim.New(seed)
	defer w.Close()
	names(w)
	w.Host("10.0.0.1").Go("client", func(ev *tevent.Context) {
		from := w.Elapsed()
		a.addrs, a.err = tevent.Wait(ev, tevent.Lookup(ev, network, host).SetTimeout(time.Second))
		a.after = w.Elapsed() - from
	})
	if err := w.Run(); err != nil {
		t.Fatal(err)
	}
	return a, w.Hash()
}

func TestALookupIsAnsweredFromTheNamesOfTheWorld(t *testing.T) {
	broken := &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	names := func(w *sim.World) {
		w.Name("Both.example", sim.Answer{Addrs: []string{"10.0.0.2", "10.0.0.3"}, After: 20 * time.Millisecond},
			sim.Answer{Addrs: []string{"fd00::2"}, After: 50 * time.Millisecond})
		w.Name("four.example", sim.Answer{Addrs: []string{"10.0.0.4"}}, sim.Answer{})
		w.Name("broken.example", sim.Answer{Err: broken}, sim.Answer{Err: broken})
		w.Name("silent.example", sim.Answer{Lost: true}, sim.Answer{})
	}
	notFound := func(err error) bool {
		var e *net.DNSError
		return errors.As(err, &e) && e.IsNotFound
	}
	for _, c := range []struct {
		network, host string
		want          []string
		after         time.Duration // at least; 0: soon
		fails         func(error) bool
	}{
		{network: "ip4", host: "both.example", want: []string{"10.0.0.2", "10.0.0.3"}, after: 20 * time.Millisecond},
		{network: "ip6", host: "BOTH.example", want: []string{"fd00::2"}, after: 50 * time.Millisecond},
		{network: "ip", host: "both.example", want: []string{"fd00::2", "10.0.0.2", "10.0.0.3"}, after: 50 * time.Millisecond},
		{network: "ip", host: "four.example", want: []string{"10.0.0.4"}},
		{network: "ip6", host: "four.example", fails: notFound},
		{network: "ip", host: "nobody.example", fails: notFound},
		{network: "ip", host: "broken.example", fails: func(err error) bool { return err == broken }},
		{network: "ip", host: "silent.example", after: time.Second, fails: func(err error) bool { return errors.Is(err, tevent.ErrDeadline) }},
	} {
		a, hash := lookUp(t, 1, names, c.network, c.host)
		var got []string
		for _, x := range a.addrs {
			got = append(got, x.String())
		}
		if !slices.Equal(got, c.want) || (c.fails == nil) != (a.err == nil) || c.fails != nil && !c.fails(a.err) {
			t.Errorf("%s %s: %v, %v", c.network, c.host, got, a.err)
		}
		if a.after < c.after || a.after > c.after+2*time.Millisecond {
			t.Errorf("%s %s: after %v", c.network, c.host, a.after)
		}
		if _, again := lookUp(t, 1, names, c.network, c.host); again != hash {
			t.Errorf("%s %s: another run of the same seed is another", c.network, c.host)
		}
	}
}

func TestWhatALookupIsToldIsInTheHash(t *testing.T) {
	one := func(addr string) uint64 {
		_, hash := lookUp(t, 1, func(w *sim.World) {
			w.Name("a.example", sim.Answer{Addrs: []string{addr}, After: time.Millisecond}, sim.Answer{})
		}, "ip4", "a.example")
		return hash
	}
	if one("10.0.0.2") == one("10.0.0.3") {
		t.Error("two answers have one hash")
	}
}

func TestACancelledLookupEndsAtOnce(t *testing.T) {
	w := sim.Test(t)
	w.Name("slow.example", sim.Answer{Addrs: []string{"10.0.0.2"}, After: time.Hour}, sim.Answer{})
	w.Host("10.0.0.1").Go("client", func(ev *tevent.Context) {
		r := tevent.Lookup(ev, "ip4", "slow.example")
		if !r.Cancel() {
			t.Error("refused")
		}
		_, err := tevent.Wait(ev, r)
		if err == nil || w.Elapsed() > time.Second {
			t.Error(err, w.Elapsed())
		}
		if _, err = tevent.Wait(ev, tevent.Sleep(ev, 2*time.Hour)); err != nil { // the answer would have come
			t.Error(err)
		}
	})
	if err := w.Run(); err != nil {
		t.Error(err)
	}
}
