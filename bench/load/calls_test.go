//go:build linux

package main

import (
	"bytes"
	"syscall"
	"testing"
)

// TestCallersDoWhatTheKernelDoes sends, receives, finds nothing and then the end,
// each call beside others that end differently.
func TestCallersDoWhatTheKernelDoes(t *testing.T) {
	callers := map[string]caller{"plain": plain{}}
	if r, err := newRing(most); err == nil { // not every kernel has or allows it
		callers["ring"] = r
	}
	for name, k := range callers {
		t.Run(name, func(t *testing.T) { converse(t, k) })
	}
}

func converse(t *testing.T, k caller) {
	var fds [2]int
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, b := &conn{fd: fds[0]}, &conn{fd: fds[1]}
	defer syscall.Close(b.fd)
	got := make([]byte, 10)
	calls := []call{
		{c: a, buf: make([]byte, 10)},
		{c: a, send: true, buf: []byte("hello")},
		{c: b, buf: got},
		{c: &conn{fd: -1}, send: true, buf: []byte("x")},
	}
	for round := range 100 { // more than the ring has entries
		if err := k.make(calls); err != nil {
			t.Fatal(err)
		}
		for i, want := range []struct {
			n     int
			errno syscall.Errno
		}{{0, syscall.EAGAIN}, {5, 0}, {5, 0}, {0, syscall.EBADF}} {
			if c := calls[i]; c.n != want.n || c.errno != want.errno {
				t.Fatalf("round %d, call %d: %d, %v; want %d, %v", round, i, c.n, c.errno, want.n, want.errno)
			}
		}
		if !bytes.Equal(got[:5], []byte("hello")) {
			t.Fatalf("received %q", got)
		}
	}
	syscall.Close(a.fd)
	end := []call{{c: b, buf: got}}
	if err := k.make(end); err != nil || end[0].n != 0 || end[0].errno != 0 {
		t.Errorf("at the end %d, %v, %v", end[0].n, end[0].errno, err)
	}
}
