//go:build linux

package fidelity

import (
	"fmt"
	"strings"
	"testing"
)

// contrasted are steps with the answers of two machines.
type contrasted struct {
	steps       []step
	left, right []string
}

func contrast(t testing.TB, steps []step, a, b kind) contrasted {
	t.Helper()
	return contrasted{steps, play(t, a, steps), play(t, b, steps)}
}

// first is the first step with different answers, or -1.
func (c *contrasted) first() int {
	for i := range c.steps {
		if c.left[i] != c.right[i] {
			return i
		}
	}
	return -1
}

func (c *contrasted) found() bool { return c.first() >= 0 }

// shrink cuts the list to the steps that matter. It stays as it is when the
// difference does not come again.
func (c *contrasted) shrink(t testing.TB, a, b kind) {
	t.Helper()
	fails := func(some []step) bool {
		d := contrast(t, some, a, b)
		return d.found()
	}
	if !fails(c.steps) {
		t.Log("the difference does not come again")
		return
	}
	for range 10 {
		if d := contrast(t, shrink(c.steps, fails), a, b); d.found() {
			*c = d
			return
		}
	}
}

// String shows the steps with their answers up to the first difference.
func (c contrasted) String() string { return c.upTo(c.first()) }

func (c contrasted) upTo(differ int) string {
	return answers(c.steps[:differ+1], c.left) + fmt.Sprintf("\t%40s %s\n", "the other:", c.right[differ])
}

func answers(steps []step, list []string) string {
	var b strings.Builder
	for i := range steps {
		fmt.Fprintf(&b, "\t%-40s %s\n", steps[i].text, list[i])
	}
	return b.String()
}
