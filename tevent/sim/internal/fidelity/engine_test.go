//go:build linux

package fidelity

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// liar is a kernel with a mistake: more is pending than there is.
type liar struct{ sys.Kernel }

func (l liar) Pending(fd int) (int, sys.Errno) {
	n, e := l.Kernel.Pending(fd)
	if n > 0 {
		n++
	}
	return n, e
}

// lying are machines of k with that mistake.
func lying(k kind) kind {
	return func(t testing.TB) machine {
		m := k(t)
		m.kernel = liar{m.kernel}
		return m
	}
}

func script(t testing.TB, text string) []step {
	t.Helper()
	list, err := parse("A script\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return list[0].steps
}

func TestADifferenceIsFoundAndCutToTheStepsThatMatter(t *testing.T) {
	sim := newSim(t)
	d := contrast(t, script(t, `
	a b = pair
	c d = pair
	e = eventfd 1
	send a "hello"
	wait
	read e 8
	send c "x"
	pending e
	recv b 2
	pending b
	pending d
	close a
`), sim, lying(sim))
	if !d.found() {
		t.Fatal("no difference")
	}
	d.shrink(t, sim, lying(sim))
	if len(d.steps) != 3 {
		t.Fatalf("%d steps are left:\n%s", len(d.steps), d)
	}
	if text := d.String(); !strings.Contains(text, "pending") || !strings.Contains(text, "the other:") {
		t.Fatal(text)
	}
}

func TestTheGeneratorFindsAMistake(t *testing.T) {
	sim := newSim(t)
	for seed := range uint64(200) {
		if d := contrast(t, generate(seed), sim, lying(sim)); d.found() {
			return
		}
	}
	t.Fatal("200 lists do not ask what is pending")
}

func TestASeedMakesTheSameListAgain(t *testing.T) {
	for seed := range uint64(50) {
		if a, b := fmt.Sprint(generate(seed)), fmt.Sprint(generate(seed)); a != b {
			t.Fatalf("seed %d makes\n%s\nand\n%s", seed, a, b)
		}
	}
}

func TestAnswersThatAreNotAllowedAreWrong(t *testing.T) {
	open := &step{}
	both := &step{allow: []string{"1", "EAGAIN"}}
	for _, c := range []struct {
		s           *step
		left, right string
		wrong       bool
	}{
		{open, "1", "1", false},
		{open, "1", "2", true},
		{open, notMade + "x", notMade + "x", true},
		{both, "1", "1", false},
		{both, "1", "EAGAIN", false},
		{both, "1", "2", true},
		{both, "2", "2", true},
	} {
		if got := wrong(c.s, c.left, c.right); got != "" != c.wrong {
			t.Errorf("%q and %q, of %q allowed: %q", c.left, c.right, c.s.allow, got)
		}
	}
}

func TestWhatIsNotAScriptIsRefused(t *testing.T) {
	for _, text := range []string{"\twait", "A title\n\tfly a", "A title\n\ta =", "A title\n\tsend a \"x"} {
		if list, err := parse(text); err == nil {
			t.Errorf("%q is %v", text, list)
		}
	}
}

func TestThereAreManyScenariosAndEachHasATitleOfItsOwn(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		seen := map[string]bool{}
		for _, sc := range load(t, file) {
			count++
			if seen[sc.title] || len(sc.steps) == 0 {
				t.Errorf("%s: %q comes twice or is empty", file, sc.title)
			}
			seen[sc.title] = true
		}
	}
	if count < 500 {
		t.Errorf("%d scenarios", count)
	}
}
