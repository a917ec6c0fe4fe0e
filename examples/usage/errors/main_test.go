package main

import (
	"os"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

// The rows that the program made happen are the guide's.
func TestTheGuideHasTheTable(t *testing.T) {
	guide, err := os.ReadFile("../../../docs/tsocket_guide.md")
	if err != nil {
		t.Fatal(err)
	}
	if rows := program.Output(t); !strings.Contains(string(guide), "\n"+rows+"\n") {
		t.Errorf("docs/tsocket_guide.md has another table of errors than\n%s", rows)
	}
}
