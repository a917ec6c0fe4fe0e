package teventtest

import (
	"maps"
	"slices"
	"testing"

	"go.uber.org/goleak"
)

// Process reports, at the end of the test, the goroutines, descriptors and
// shared mappings of the process that are there and were not when it was
// called; where the system does not list the latter two, goroutines alone. It is
// called before what it is to watch, because cleanups run in reverse. A goroutine
// has a second to end; descriptors and mappings are compared by inode, and their
// lines are not known.
func Process(t testing.TB) {
	t.Helper()
	warmUp(t)
	goroutines := goleak.IgnoreCurrent()
	fds, mapped := descriptors(t), mappings(t)
	t.Cleanup(func() {
		t.Helper()
		if err := goleak.Find(goroutines); err != nil {
			t.Errorf("leaked: goroutine: %v", err)
		}
		newDescriptors(t, fds, descriptors(t))
		newMappings(t, mapped, mappings(t))
	})
}

// warmUp makes the runtime open the descriptors that it keeps for good.
func warmUp(t testing.TB) {
	t.Helper()
	if err := Open(t).Close(); err != nil {
		t.Fatal(err)
	}
}

// newDescriptors tells a descriptor that was closed and opened again from one
// that stayed, except where inodes are shared (anon_inode).
func newDescriptors(t testing.TB, before, after map[int]string) {
	t.Helper()
	for _, fd := range slices.Sorted(maps.Keys(after)) {
		if after[fd] != before[fd] {
			t.Errorf("leaked: fd %d, %s", fd, after[fd])
		}
	}
}

func newMappings(t testing.TB, before, after []string) {
	t.Helper()
	for _, m := range after {
		if !slices.Contains(before, m) {
			t.Errorf("leaked: mapping %s", m)
		}
	}
}
