package main

import (
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	program.Prints(t, "drain: 4 accepted: 3 left, 0 broke, 1 cut off; 15 rounds, newcomers refused\n")
}
