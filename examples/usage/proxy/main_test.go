package main

import (
	"regexp"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	want := regexp.MustCompile(`^proxy: 67108864 bytes up, 32 down, never more than (\d{1,4}|[1-5]\d{4}|6[0-5]\d{3}) held; the client waited for the server\n$`)
	if out := program.Output(t); !want.MatchString(out) {
		t.Errorf("printed %q, want %s", out, want)
	}
}
