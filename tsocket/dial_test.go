//go:build unix

package tsocket_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
	"github.com/tsocket-go/tsocket/tsocket"
)

const ms = time.Millisecond

// at is an answer that comes after a time.
func at(after time.Duration, addrs ...string) sim.Answer {
	return sim.Answer{Addrs: addrs, After: after}
}

var (
	four = []string{"10.0.0.4", "10.0.0.5", "10.0.0.6"}
	six  = []string{"fd00::4", "fd00::5", "fd00::6"}
	none = sim.Answer{After: 10 * ms} // there are no addresses of the family
	lost = sim.Answer{Lost: true}
	down = sim.Answer{After: 10 * ms, Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}
)

// scenarios are those of RFC 8305, and what else can happen.
var scenarios = []scenario{
	{name: "both families at once, IPv6 wins",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), serves: []string{four[0], six[0]},
		attempts: []attempt{{10 * ms, six[0]}}, won: six[0], took: 10 * ms},
	{name: "IPv6 answers first",
		ip4: at(90*ms, four[0]), ip6: at(10*ms, six[0]), serves: []string{four[0], six[0]},
		attempts: []attempt{{10 * ms, six[0]}}, won: six[0], took: 10 * ms},
	{name: "IPv4 answers first, IPv6 within the resolution delay",
		ip4: at(10*ms, four[0]), ip6: at(40*ms, six[0]), serves: []string{four[0], six[0]},
		attempts: []attempt{{40 * ms, six[0]}}, won: six[0], took: 40 * ms},
	{name: "IPv4 answers first, IPv6 within the resolution delay and silent",
		ip4: at(10*ms, four[0]), ip6: at(40*ms, six[0]), serves: four[:1], silent: six[:1],
		attempts: []attempt{{40 * ms, six[0]}, {290 * ms, four[0]}}, won: four[0], took: 290 * ms},
	{name: "IPv4 answers first, IPv6 too late",
		ip4: at(10*ms, four[0]), ip6: at(200*ms, six[0]), serves: []string{four[0], six[0]},
		attempts: []attempt{{60 * ms, four[0]}}, won: four[0], took: 60 * ms},
	{name: "IPv4 answers first, IPv6 late but in time for the next attempt",
		ip4: at(10*ms, four[0]), ip6: at(200*ms, six[0]), serves: []string{six[0]}, silent: four[:1],
		attempts: []attempt{{60 * ms, four[0]}, {310 * ms, six[0]}}, won: six[0], took: 310 * ms},
	{name: "IPv6 comes when its attempt is due already",
		ip4: at(10*ms, four[0]), ip6: at(500*ms, six[0]), serves: []string{six[0]}, silent: four[:1],
		attempts: []attempt{{60 * ms, four[0]}, {500 * ms, six[0]}}, won: six[0], took: 500 * ms},
	{name: "IPv4 answers first and there is no IPv6",
		ip4: at(10*ms, four[0]), ip6: at(30 * ms), serves: four[:1],
		attempts: []attempt{{30 * ms, four[0]}}, won: four[0], took: 30 * ms},
	{name: "no IPv6 and then IPv4",
		ip4: at(30*ms, four[0]), ip6: none, serves: four[:1],
		attempts: []attempt{{30 * ms, four[0]}}, won: four[0], took: 30 * ms},
	{name: "IPv6 is never answered",
		ip4: at(10*ms, four[0]), ip6: lost, serves: four[:1],
		attempts: []attempt{{60 * ms, four[0]}}, won: four[0], took: 60 * ms},
	{name: "IPv4 is never answered",
		ip4: lost, ip6: at(10*ms, six[0]), serves: six[:1],
		attempts: []attempt{{10 * ms, six[0]}}, won: six[0], took: 10 * ms},
	{name: "silent addresses in turns, every 250 ms",
		ip4: at(10*ms, four...), ip6: at(10*ms, six...), serves: four[2:], silent: []string{six[0], six[1], six[2], four[0], four[1]},
		attempts: []attempt{{10 * ms, six[0]}, {260 * ms, four[0]}, {510 * ms, six[1]}, {760 * ms, four[1]}, {1010 * ms, six[2]}, {1260 * ms, four[2]}},
		won:      four[2], took: 1260 * ms},
	{name: "refused addresses in turns, at once",
		ip4: at(10*ms, four...), ip6: at(10*ms, six...), serves: four[2:],
		attempts: []attempt{{10 * ms, six[0]}, {10 * ms, four[0]}, {10 * ms, six[1]}, {10 * ms, four[1]}, {10 * ms, six[2]}, {10 * ms, four[2]}},
		won:      four[2], took: 10 * ms},
	{name: "more addresses of one family",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six...), serves: six[2:], silent: []string{six[0], four[0]},
		attempts: []attempt{{10 * ms, six[0]}, {260 * ms, four[0]}, {510 * ms, six[1]}, {510 * ms, six[2]}},
		won:      six[2], took: 510 * ms},
	{name: "the first attempt wins though others were begun",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), serves: six[:1], late: six[0], silent: four[:1],
		attempts: []attempt{{10 * ms, six[0]}, {260 * ms, four[0]}}, won: six[0], took: 1010 * ms},
	{name: "a host without IPv6",
		ip4: at(5*ms, four[0]), ip6: at(10*ms, six[:2]...), serves: four[:1], client: []string{"10.0.0.1"},
		attempts: []attempt{{10 * ms, six[0]}, {10 * ms, four[0]}}, won: four[0], took: 10 * ms},
	{name: "IPv4 first by wish",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), serves: []string{six[0]}, silent: four[:1], config: tsocket.DialConfig{IPv4First: true},
		attempts: []attempt{{10 * ms, four[0]}, {260 * ms, six[0]}}, won: six[0], took: 260 * ms},
	{name: "delays of one's own",
		ip4: at(10*ms, four...), ip6: at(100*ms, six[0]), serves: six[:1], silent: four,
		config:   tsocket.DialConfig{AttemptDelay: 40 * ms, ResolutionDelay: 20 * ms},
		attempts: []attempt{{30 * ms, four[0]}, {70 * ms, four[1]}, {110 * ms, six[0]}}, won: six[0], took: 110 * ms},
	{name: "the least delay",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), serves: four[:1], silent: six[:1], config: tsocket.DialConfig{AttemptDelay: 1},
		attempts: []attempt{{10 * ms, six[0]}, {20 * ms, four[0]}}, won: four[0], took: 20 * ms},
	{name: "no resolution delay",
		ip4: at(10*ms, four[0]), ip6: at(20*ms, six[0]), serves: four[:1], config: tsocket.DialConfig{ResolutionDelay: -1},
		attempts: []attempt{{10 * ms, four[0]}}, won: four[0], took: 10 * ms},
	{name: "from an address of IPv4", config: tsocket.DialConfig{Local: inet("10.0.0.1:0")},
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), serves: []string{four[0], six[0]},
		attempts: []attempt{{10 * ms, four[0]}}, won: four[0], took: 10 * ms},
	{name: "an address of IPv6", address: "[fd00::4]:80", serves: six[:1],
		attempts: []attempt{{0, six[0]}}, won: six[0]},
	{name: "an address of IPv4", address: "10.0.0.4:80", serves: four[:1],
		attempts: []attempt{{0, four[0]}}, won: four[0]},

	{name: "every address refuses",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), attempts: []attempt{{10 * ms, six[0]}, {10 * ms, four[0]}},
		took: 10 * ms, errs: []error{syscall.ECONNREFUSED}},
	{name: "an address that is nobody's", address: "10.0.0.99:80",
		attempts: []attempt{{0, "10.0.0.99"}}, took: 3 * time.Second, errs: []error{syscall.EHOSTUNREACH}},
	{name: "a name that does not exist", ip4: none, ip6: none, took: 10 * ms},
	{name: "name servers that fail", ip4: down, ip6: down, took: 10 * ms},
	{name: "one name server fails and the address refuses", ip4: down, ip6: at(20*ms, six[0]),
		attempts: []attempt{{20 * ms, six[0]}}, took: 20 * ms, errs: []error{syscall.ECONNREFUSED, down.Err}},
	{name: "no address of the local one's family", config: tsocket.DialConfig{Local: inet("10.0.0.1:0")},
		ip4: sim.Answer{After: 10 * ms, Addrs: nil}, ip6: at(10*ms, six[0]), took: 10 * ms},
	{name: "the deadline during the look-up", ip4: lost, ip6: lost, timeout: 100 * ms,
		took: 100 * ms, errs: []error{os.ErrDeadlineExceeded}},
	{name: "the deadline during the resolution delay", ip4: at(10*ms, four[0]), ip6: lost, timeout: 40 * ms,
		took: 40 * ms, errs: []error{os.ErrDeadlineExceeded}},
	{name: "the deadline between attempts",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), silent: []string{six[0], four[0]}, timeout: 200 * ms,
		attempts: []attempt{{10 * ms, six[0]}}, took: 200 * ms, errs: []error{os.ErrDeadlineExceeded}},
	{name: "the deadline during the last attempt, after a refusal",
		ip4: at(10*ms, four[0]), ip6: at(10*ms, six[0]), silent: four[:1], timeout: 400 * ms,
		attempts: []attempt{{10 * ms, six[0]}, {10 * ms, four[0]}}, took: 400 * ms, errs: []error{os.ErrDeadlineExceeded, syscall.ECONNREFUSED}},
	{name: "no port", address: "server.example", errs: []error{syscall.EINVAL}},
	{name: "a service name for the port", address: "server.example:http", errs: []error{syscall.EINVAL}},
	{name: "no host that is a name", address: "[::1", errs: []error{syscall.EINVAL}},
}

func inet(s string) tsocket.Address {
	a, _ := tsocket.ParseAddress(s)
	return a
}

func TestDialKeepsTheTimesOfRFC8305(t *testing.T) {
	for _, c := range scenarios {
		t.Run(c.name, func(t *testing.T) {
			for seed := uint64(1); seed <= 5; seed++ {
				d := c.dial(actor{seed: seed})
				if err := c.judge(d); err != nil {
					t.Fatalf("seed %d: %v\nattempts %v\nerror %v", seed, err, d.attempts, d.err)
				}
			}
		})
	}
}

// close reports whether a time is what it should be: a process takes its time.
func near(got, want time.Duration) bool { return got >= want && got < want+8*ms }

// judge compares what came with what has to.
func (c *scenario) judge(d *dialled) error {
	switch {
	case d.told != nil:
		return d.told
	case d.won != c.won || (d.err == nil) != (c.won != ""):
		return fmt.Errorf("%q won, want %q", d.won, c.won)
	case !near(d.took, c.took):
		return fmt.Errorf("it took %v, want %v", d.took, c.took)
	case len(d.attempts) != len(c.attempts):
		return fmt.Errorf("%d attempts, want %v", len(d.attempts), c.attempts)
	}
	for i, a := range d.attempts {
		if a.to != c.attempts[i].to || !near(a.after, c.attempts[i].after) {
			return fmt.Errorf("attempt %d is %v, want %v", i, a, c.attempts[i])
		}
	}
	for _, err := range c.errs {
		if !errors.Is(d.err, err) {
			return fmt.Errorf("%v is not in the error", err)
		}
	}
	return nil
}

// Whenever the request is ended, by whatever means, that is at once and nothing is
// left of it.
func TestDialIsEndedAtEveryStep(t *testing.T) {
	worlds := 0
	for _, c := range scenarios {
		t.Run(c.name, func(t *testing.T) {
			full := c.dial(actor{}).took
			step := max(min(full, 1500*ms)/15, 300*time.Microsecond)
			for after := time.Duration(0); after <= min(full, 1500*ms)+ms; after += step {
				for _, way := range waysToEnd {
					worlds++
					d := c.dial(actor{seed: uint64(worlds), act: func(ev *tevent.Context, r tevent.Req[*tsocket.Stream]) {
						tevent.NewTimer(ev, func() { way.end(r) }).Reset(after)
					}})
					switch {
					case d.told != nil || d.took > min(after, full)+8*ms:
						t.Fatalf("seed %d: %s after %v: %v, took %v", worlds, way.name, after, d.told, d.took)
					case d.won == "" && after+2*ms < full && !errors.Is(d.err, way.err):
						t.Fatalf("seed %d: %s after %v: %v", worlds, way.name, after, d.err)
					}
				}
			}
		})
	}
	if worlds < 1000 {
		t.Errorf("only %d worlds", worlds)
	}
}

func TestAConnectionOfDialThatNobodyTookIsClosed(t *testing.T) {
	c := scenario{ip4: at(10*ms, four[0]), ip6: none, serves: four[:1]}
	d := c.dial(actor{act: func(_ *tevent.Context, r tevent.Req[*tsocket.Stream]) {
		r.SetCallback(func(tevent.Req[*tsocket.Stream]) {})
	}})
	if d.told != nil || len(d.attempts) != 1 || !errors.Is(d.err, tevent.ErrStale) {
		t.Error(d.told, d.attempts, d.err)
	}
}

var waysToEnd = []struct {
	name string
	end  func(r tevent.Req[*tsocket.Stream])
	err  error
}{
	{"cancel", func(r tevent.Req[*tsocket.Stream]) { r.Cancel() }, context.Canceled},
	{"deadline", func(r tevent.Req[*tsocket.Stream]) { r.SetTimeout(0) }, os.ErrDeadlineExceeded},
	{"drop", func(r tevent.Req[*tsocket.Stream]) { r.Drop() }, tevent.ErrStale},
}

// Each call of the kernel fails, in each way that its manual page knows, once and
// for ever: as long as another address serves, one failure is none; nothing is
// left in any case, and the errno is in the error.
func TestDialOutlivesEveryCallThatFails(t *testing.T) {
	ran, fatal := 0, 0
	for _, c := range []scenario{
		{name: "all serve", ip4: at(10*ms, four...), ip6: at(10*ms, six...), serves: append(four[:3:3], six...)},
		{name: "some refuse", ip4: at(10*ms, four...), ip6: at(10*ms, six...), serves: []string{six[1], six[2], four[2]}},
		{name: "some are silent", ip4: at(10*ms, four...), ip6: at(40*ms, six...), serves: []string{six[1], six[2], four[2]}, silent: []string{six[0], four[0]}, timeout: 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			for plan := range sim.Enumerate(c.dial(actor{}).calls, 8) {
				d := c.dial(actor{plan: plan})
				ran++
				f := plan[0]
				ofLoop := f.Call == "Wait" || f.Call == "NewPoller" // then the loop itself fails
				switch {
				case ofLoop && d.err != nil:
					fatal++
				case d.told != nil:
					t.Errorf("%v: %v", plan, d.told)
				case d.err != nil && !f.On:
					t.Errorf("%v: %v", plan, d.err)
				case f.Call == "Peername" && f.On: // who never has a peer is never connected
				case d.err != nil && !errors.Is(d.err, f.Errno):
					t.Errorf("%v: %v does not say %v", plan, d.err, f.Errno)
				case d.took > 10*time.Second:
					t.Errorf("%v: took %v", plan, d.took)
				}
			}
		})
	}
	if t.Logf("%d faults, of which %d were the loop's", ran, fatal); ran < 500 {
		t.Errorf("only %d faults", ran)
	}
}
