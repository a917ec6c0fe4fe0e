package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// failing is a test that has failed, on paper only.
type failing struct {
	testing.TB
	cleanups []func()
	log      string
}

func (f *failing) Helper()          {}
func (f *failing) Failed() bool     { return true }
func (f *failing) Name() string     { return "TestX/sub(1) test" }
func (f *failing) Cleanup(g func()) { f.cleanups = append(f.cleanups, g) }
func (f *failing) Logf(format string, args ...any) {
	f.log += fmt.Sprintf(format, args...)
}

func (f *failing) end() {
	for _, g := range f.cleanups {
		g()
	}
}

func TestFailureTellsSeedAndCommand(t *testing.T) {
	f := &failing{TB: t}
	seed := sim.Seed(f)
	f.end()
	want := fmt.Sprintf("seed=%d; replay with: go test github.com/tsocket-go/tsocket/tevent/sim -run '^TestX$/^sub\\(1\\) test$' -seed=%[1]d", seed)
	if f.log != want {
		t.Errorf("%q, want %q", f.log, want)
	}
	if again := sim.Seed(f); again == seed && *seedFlag == 0 {
		t.Error("two tests have one seed")
	}
}

func TestSeedOfTheEnvironment(t *testing.T) {
	if *seedFlag == 0 {
		t.Setenv("SIM_SEED", "77")
		if seed := sim.Seed(t); seed != 77 {
			t.Error(seed)
		}
		if w := sim.Test(t); w.Seed() != 77 {
			t.Error(w.Seed())
		}
	}
}

func TestLogTellsWhatHappens(t *testing.T) {
	var log strings.Builder
	play(3, sim.Plan{{Kind: sim.Killed, Proc: "client", Nth: 30}}, &log)
	for _, want := range []string{"server#1 starts on", "killed happens to client#", "Sendmsg(", "before handler request"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in the log", want)
		}
	}
	for _, twice := range []string{"turn turn", "timer timer", "wait wait"} {
		if strings.Contains(log.String(), twice) {
			t.Errorf("%q in the log", twice)
		}
	}
}
