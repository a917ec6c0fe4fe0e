package main

import (
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	program.Prints(t, "rpc: 1000 calls at once: 900 answered, 100 timed out; 100 late replies were nobody's\n")
}
