//go:build linux

package linux

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestDescriptorsAreTheOpenOnes(t *testing.T) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	held, err := Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(held[fds[0]], "pipe:[") || held[fds[0]] != held[fds[1]] {
		t.Fatal(held[fds[0]], held[fds[1]])
	}
	_ = unix.Close(fds[0])
	_ = unix.Close(fds[1])
	again, err := Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	if len(again) != len(held)-2 {
		t.Fatalf("%v after closing two of %v", again, held)
	}
}

func TestMappingsAreSharedOnesAndMemfds(t *testing.T) {
	count := func() int {
		held, err := Mappings()
		if err != nil {
			t.Fatal(err)
		}
		return len(slices.DeleteFunc(held, func(s string) bool { return !strings.Contains(s, "/memfd:heldtest") }))
	}
	fd, err := unix.MemfdCreate("heldtest", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, 4096); err != nil {
		t.Fatal(err)
	}
	for _, how := range []int{unix.MAP_SHARED, unix.MAP_PRIVATE} {
		m, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, how)
		if err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 1 {
			t.Errorf("%d lines for one mapping", n)
		}
		if err := unix.Munmap(m); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(); n != 0 {
		t.Errorf("%d lines for none", n)
	}
}
