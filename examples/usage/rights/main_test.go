package main

import (
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	const want = "rights: what was in the pipe\n"
	if out := program.Output(t); out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}
