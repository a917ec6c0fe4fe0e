//go:build linux

package main

import (
	"fmt"
	"math"
	"slices"
)

// pair is one round.
type pair struct{ ours, theirs figures }

// play runs the rounds of a scenario with both servers up; who is not loaded
// sleeps. Every other round begins with the other server.
func (t *team) play(s settings, sc scenario) ([]pair, error) {
	ours, err := t.ours.start(sc.mode, s.serverCPU)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	theirs, err := t.theirs.start(sc.mode, s.serverCPU)
	if err != nil {
		return nil, err
	}
	defer theirs.stop()
	var pairs []pair
	for i := range s.rounds {
		first, second := ours, theirs
		if i%2 == 1 {
			first, second = theirs, ours
		}
		a, err := t.measure(first, s, sc)
		if err != nil {
			return nil, err
		}
		b, err := t.measure(second, s, sc)
		if err != nil {
			return nil, err
		}
		if i%2 == 1 {
			a, b = b, a
		}
		pairs = append(pairs, pair{a, b})
	}
	return pairs, nil
}

// summary is what the rounds of a scenario say.
type summary struct {
	rounds, wins   int
	rate, cpu, p99 spread // ours / theirs
	perSec, theirs float64
	cpuNS, theirNS float64
	busy           float64 // median of the load generator's
	waited         float64 // greatest of the servers'
}

// spread is the median of some ratios, and the least and greatest.
type spread struct{ median, min, max float64 }

func summarize(pairs []pair) summary {
	s := summary{
		rounds: len(pairs),
		rate:   ratios(pairs, func(f figures) float64 { return f.PerSec }),
		cpu:    ratios(pairs, func(f figures) float64 { return f.CPU }),
		p99:    ratios(pairs, func(f figures) float64 { return f.P99 }),
	}
	var rate, theirs, cpu, theirNS, busy []float64
	for _, p := range pairs {
		if p.ours.PerSec > p.theirs.PerSec {
			s.wins++
		}
		rate, theirs = append(rate, p.ours.PerSec), append(theirs, p.theirs.PerSec)
		cpu, theirNS = append(cpu, p.ours.CPU), append(theirNS, p.theirs.CPU)
		busy = append(busy, p.ours.Busy, p.theirs.Busy)
		s.waited = max(s.waited, p.ours.Waited, p.theirs.Waited)
	}
	s.perSec, s.theirs = median(rate), median(theirs)
	s.cpuNS, s.theirNS, s.busy = median(cpu), median(theirNS), median(busy)
	return s
}

func ratios(pairs []pair, of func(figures) float64) spread {
	var r []float64
	for _, p := range pairs {
		r = append(r, of(p.ours)/of(p.theirs))
	}
	return spread{median(r), slices.Min(r), slices.Max(r)}
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(v))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// promised: ahead in 15 of 20 rounds, by the scenario's lead, with at most 0.85 of
// the CPU per request and no worse a p99.
func (s summary) promised(sc scenario) bool {
	return 20*s.wins >= 15*s.rounds && s.rate.median >= sc.lead && s.cpu.median <= 0.85 && s.p99.median <= 1
}

func (s summary) print(sc scenario, ours, theirs string) {
	fmt.Printf("%s: %s / %s, %d rounds\n", sc.name, ours, theirs, s.rounds)
	fmt.Printf("  ahead in       %d of %d\n", s.wins, s.rounds)
	fmt.Printf("  requests/s     %v  (%.0f / %.0f; load generator %.0f %% busy)\n", s.rate, s.perSec, s.theirs, 100*s.busy)
	fmt.Printf("  CPU/request    %v  (%.0f / %.0f ns)\n", s.cpu, s.cpuNS, s.theirNS)
	fmt.Printf("  p99            %v\n", s.p99)
	if s.waited > 0.1 {
		fmt.Printf("  DISTURBED: in one run the server waited %.0f %% of the time for a CPU that others had\n", 100*s.waited)
	}
}

func (s spread) String() string {
	return fmt.Sprintf("%.3f  [%.2f .. %.2f]", s.median, s.min, s.max)
}
