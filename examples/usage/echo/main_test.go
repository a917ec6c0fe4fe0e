package main

import (
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	program.Prints(t, "echo: one, two, three\n")
}
