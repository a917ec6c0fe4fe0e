//go:build linux

package fidelity

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scenario is a script that runs on both kernels.
type scenario struct {
	title string
	steps []step
}

// step is one call.
type step struct {
	text  string   // as written, without comment
	names []string // what its results are called
	verb  string
	args  []string
	allow []string // the answers both kernels may give; none: any, as long as it is the same
}

// load reads the scenarios of a file under testdata.
func load(t *testing.T, file string) []scenario {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	list, err := parse(string(text))
	if err != nil {
		t.Fatalf("%s:%v", filepath.Base(file), err)
	}
	return list
}

func parse(text string) (list []scenario, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		code, err := words(line)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%d: %w", n, err)
		case len(code) == 0:
		case line[0] != '\t':
			list = append(list, scenario{title: strings.TrimSpace(line)})
		case len(list) == 0:
			return nil, fmt.Errorf("%d: a step before the first title", n)
		default:
			s, err := parseStep(code)
			if err != nil {
				return nil, fmt.Errorf("%d: %w", n, err)
			}
			last := &list[len(list)-1]
			last.steps = append(last.steps, s)
		}
	}
	return list, nil
}

// parseStep takes "names = verb args => answer or answer" apart.
func parseStep(code []string) (step, error) {
	s := step{text: strings.Join(code, " ")}
	for i, w := range code {
		if w == "=>" {
			s.allow = strings.Split(strings.Join(code[i+1:], " "), " or ")
			code = code[:i]
			break
		}
	}
	for i, w := range code {
		if w == "=" {
			s.names, code = code[:i], code[i+1:]
			break
		}
	}
	if len(code) == 0 || verbs[code[0]] == nil {
		return s, fmt.Errorf("no verb in %q", s.text)
	}
	s.verb, s.args = code[0], code[1:]
	return s, nil
}

// words splits a line at its blanks, up to a comment. A text in quotes is one
// word and keeps them.
func words(line string) (list []string, err error) {
	for {
		line = strings.TrimLeft(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			return list, nil
		}
		n := len(line)
		switch blank := strings.IndexAny(line, " \t\r\n"); {
		case line[0] == '"':
			n = quoted(line)
		case blank >= 0:
			n = blank
		}
		if n < 0 {
			return nil, fmt.Errorf("unfinished: %s", line)
		}
		list = append(list, line[:n])
		line = line[n:]
	}
}

// quoted is the length of the text in quotes that line begins with, or -1.
func quoted(line string) int {
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}
