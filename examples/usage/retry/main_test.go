package main

import (
	"regexp"
	"testing"

	"github.com/tsocket-go/tsocket/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, main) }

func TestPrintsWhatItDid(t *testing.T) {
	want := regexp.MustCompile(`^retry: 5 messages delivered, [1-9]\d* connects refused, 2 connections broken\n$`)
	if out := program.Output(t); !want.MatchString(out) {
		t.Errorf("printed %q, want %s", out, want)
	}
}
