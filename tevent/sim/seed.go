package sim

import (
	"flag"
	"fmt"
	"hash/maphash"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// Seed is the seed of a random test: that of the flag -seed if the test binary
// defines one and it is not 0, that of the environment variable SIM_SEED, or a
// new one. When the test fails it prints the seed and the command that runs the
// test with it again. A test asks once, and makes all its worlds of that seed:
// who asks twice gets two, of which a replay has only one.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed, command := given(t)
	if seed == 0 {
		seed = maphash.Comparable(maphash.MakeSeed(), 0)
	}
	where := caller()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed=%d; replay with: %s", seed, fmt.Sprintf(command, where, pattern(t.Name()), seed))
		}
	})
	return seed
}

// Test is a world of a new seed, see Seed, that ends with the test.
func Test(t testing.TB) *World {
	t.Helper()
	w := New(Seed(t))
	t.Cleanup(w.Close)
	return w
}

// given is the seed that somebody asks for, or 0, and how one asks.
func given(t testing.TB) (seed uint64, command string) {
	if f := flag.Lookup("seed"); f != nil {
		command = "go test %s -run '%s' -seed=%d"
		seed, _ = strconv.ParseUint(f.Value.String(), 10, 64)
	} else {
		command = "SIM_SEED=%[3]d go test %[1]s -run '%[2]s'"
	}
	if text := os.Getenv("SIM_SEED"); seed == 0 && text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SIM_SEED: %v", err)
		}
		seed = n
	}
	return seed, command
}

// pattern is what -run takes for the test of that name alone.
func pattern(name string) string {
	return "^" + strings.ReplaceAll(regexp.QuoteMeta(name), "/", "$/^") + "$"
}

// caller is the import path of the package under test, "." where the binary does
// not know it.
func caller() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "."
	}
	return strings.TrimSuffix(info.Path, ".test")
}
