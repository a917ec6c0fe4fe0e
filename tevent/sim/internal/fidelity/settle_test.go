//go:build linux

package fidelity

import (
	"testing"

	"golang.org/x/sys/unix"
)

// generations is how many packets in a row, each the answer to the one before,
// come to rest in one settle: a handshake with data and the end of both
// directions is seven.
const generations = 8

// settle returns when the network has come to rest. What is sent over the
// loopback interface waits in a queue of the CPU that has sent it, first in
// first out. The test stays on one CPU; so when a datagram of its own has gone
// through that queue, all that was sent before has arrived, and the answers to
// it are in the queue or have arrived as well.
func (r *real) settle(t testing.TB, open []int) {
	for range generations {
		hurry(open)
		r.round(t)
	}
	for range patience {
		if !unconfirmed(open) {
			return
		}
		pause()
		r.round(t)
	}
}

// round sends the datagram once around.
func (r *real) round(t testing.TB) {
	var b [1]byte
	if _, err := unix.Write(r.probe, b[:]); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Read(r.probe, b[:]); err != nil {
		t.Fatal("the loopback interface does not deliver:", err)
	}
}

// hurry has those of fds that are TCP send the acknowledgements they hold back.
func hurry(fds []int) {
	for _, fd := range fds {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1)
	}
}

// patience is for how many milliseconds a connection that nobody has accepted
// can hold back the acknowledgement of an end, where hurry does not reach it;
// the system does so for 40. One that is full confirms nothing at all.
const patience = 60

// pause is a millisecond, in which timers of the system can run out.
func pause() { _, _ = unix.Poll(nil, 1) }

// The states of TCP in which an end was sent and not confirmed.
const finWait1, lastAck, closing = 4, 9, 11

// unconfirmed tells whether one of fds has sent an end that is not confirmed.
func unconfirmed(fds []int) bool {
	for _, fd := range fds {
		info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			continue
		}
		switch info.State {
		case finWait1, lastAck, closing:
			return true
		}
	}
	return false
}
