//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func edges(t *testing.T, on System) {
	tests{
		{"TokenPassesAll64Bits", on.TokenPassesAll64Bits},
		{"EdgeReportsEachChangeOnce", on.EdgeReportsEachChangeOnce},
		{"EdgeReportsWhatWasReadyBeforeAdd", on.EdgeReportsWhatWasReadyBeforeAdd},
		{"EdgeReportsUrgentDataWithoutWant", on.EdgeReportsUrgentDataWithoutWant},
		{"EdgeReportsTheEndsOfAStream", on.EdgeReportsTheEndsOfAStream},
		{"EdgeReportsAnError", on.EdgeReportsAnError},
		{"EdgeWatchesWritingFromTheFirstWantOn", on.EdgeWatchesWritingFromTheFirstWantOn},
		{"DelForgets", on.DelForgets},
		{"StaleTokenDoesNotTouchTheNewRegistration", on.StaleTokenDoesNotTouchTheNewRegistration},
		{"AddRefuses", on.AddRefuses},
		{"EventsBeyondTheSliceComeWithTheNextWait", on.EventsBeyondTheSliceComeWithTheNextWait},
		{"WaitWithoutRoomIsRefused", on.WaitWithoutRoomIsRefused},
		{"EdgeReportsWritingEachTimeItWasWanted", on.EdgeReportsWritingEachTimeItWasWanted},
		{"EdgeThatNobodyTakesDoesNotSpin", on.EdgeThatNobodyTakesDoesNotSpin},
		{"ClosedDescriptorIsForgotten", on.ClosedDescriptorIsForgotten},
		{"EachDescriptorGetsItsTurn", on.EachDescriptorGetsItsTurn},
		{"RegistrationsAreIndependent", on.RegistrationsAreIndependent},
	}.run(t)
}

func (on System) TokenPassesAll64Bits(t *testing.T) {
	for _, token := range []uint64{0, 1, 1 << 31, 1 << 32, 0xfedcba9876543210, 1<<64 - 1} {
		k, p := on.poller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], token, sys.Edge))
		send(t, k, s[1], "x")
		expect(t, p, sys.Never, sys.Event{Token: token, Ready: sys.In})
	}
}

func (on System) EdgeReportsEachChangeOnce(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, look)
	for range 3 {
		send(t, k, s[1], "x")
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
		expect(t, p, look) // the byte is still there
		drain(t, k, s[0])
		must(t, p.Want(s[0], 7, sys.In))
		expect(t, p, look)
	}
}

func (on System) EdgeReportsWhatWasReadyBeforeAdd(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	send(t, k, s[1], "x")
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
}

func (on System) EdgeReportsUrgentDataWithoutWant(t *testing.T) {
	k, p := on.poller(t)
	s := tcp(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	if err := unix.Sendto(s[1], []byte("!"), unix.MSG_OOB, nil); err != nil {
		t.Fatal(err)
	}
	got := until(t, p, sys.Urgent)
	if got&sys.Urgent == 0 {
		t.Fatal(got)
	}
}

func (on System) EdgeReportsTheEndsOfAStream(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	must(t, k.Shutdown(s[1], unix.SHUT_WR))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In | sys.PeerClose})
	hangUp(t, k, &s[1])
	if got := until(t, p, sys.Hangup); got&sys.Hangup == 0 {
		t.Fatal(got)
	}
}

func (on System) EdgeReportsAnError(t *testing.T) {
	k, p := on.poller(t)
	s := tcp(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	send(t, k, s[0], "never read, so that close resets")
	for n := 0; n == 0; n, _ = k.Pending(s[1]) {
	}
	hangUp(t, k, &s[1])
	until(t, p, sys.Error)
}

func (on System) EdgeWatchesWritingFromTheFirstWantOn(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.In|sys.Urgent|sys.PeerClose))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.Out))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.Out})
}

func (on System) DelForgets(t *testing.T) {
	for _, mode := range []sys.Mode{sys.Edge, sys.Level} {
		k, p := on.poller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, mode))
		must(t, p.Want(s[0], 7, sys.Out))
		send(t, k, s[1], "x")
		must(t, p.Del(s[0], 7))
		expect(t, p, look)
		wantErrno(t, p.Want(s[0], 7, sys.In), unix.ENOENT)
		wantErrno(t, p.Del(s[0], 7), unix.ENOENT)
		must(t, p.Add(s[0], 8, mode))
		must(t, p.Want(s[0], 8, sys.In))
		expect(t, p, sys.Never, sys.Event{Token: 8, Ready: sys.In})
		must(t, p.Del(s[0], 8))
	}
}

func (on System) StaleTokenDoesNotTouchTheNewRegistration(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 8, sys.Edge))
	wantErrno(t, p.Del(s[0], 7), unix.ENOENT)
	wantErrno(t, p.Want(s[0], 7, sys.Out), unix.ENOENT)
	send(t, k, s[1], "x")
	expect(t, p, sys.Never, sys.Event{Token: 8, Ready: sys.In})
}

func (on System) AddRefuses(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, mode := range []sys.Mode{sys.Edge, sys.Level} {
		k, p := on.poller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, mode))
		wantErrno(t, p.Add(s[0], 8, mode), unix.EEXIST)
		wantErrno(t, p.Add(int(file.Fd()), 8, mode), unix.EPERM)
		wantErrno(t, p.Add(-1, 8, mode), unix.EBADF)
		wantErrno(t, p.Add(1<<20, 8, mode), unix.EBADF)
	}
}

func (on System) EventsBeyondTheSliceComeWithTheNextWait(t *testing.T) {
	k, p := on.poller(t)
	for token := range uint64(5) {
		s := pair(t, k)
		must(t, p.Add(s[0], token, sys.Edge))
		send(t, k, s[1], "x")
	}
	seen := 0
	events := make([]sys.Event, 2)
	for range 3 {
		n, e := p.Wait(events, look)
		must(t, e)
		for _, ev := range events[:n] {
			seen |= 1 << ev.Token
		}
	}
	if seen != 1<<5-1 {
		t.Fatalf("seen %b", seen)
	}
}

func (on System) WaitWithoutRoomIsRefused(t *testing.T) {
	_, p := on.poller(t)
	for _, deadline := range []int64{look, sys.Never} {
		_, e := p.Wait(nil, deadline)
		wantErrno(t, e, unix.EINVAL)
	}
}

func (on System) EdgeReportsWritingEachTimeItWasWanted(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Edge))
	for range 3 {
		fill(t, k, s[0])
		must(t, p.Want(s[0], 7, sys.Out))
		expect(t, p, look)
		drain(t, k, s[1])
		until(t, p, sys.Out)
		expect(t, p, look)
	}
}

// What nobody takes ends one Wait and not the next.
func (on System) EdgeThatNobodyTakesDoesNotSpin(t *testing.T) {
	for name, change := range map[string]func(k sys.Kernel, s *[2]int){
		"bytes":  func(k sys.Kernel, s *[2]int) { send(t, k, s[1], "x") },
		"end":    func(k sys.Kernel, s *[2]int) { must(t, k.Shutdown(s[1], unix.SHUT_WR)) },
		"hangup": func(k sys.Kernel, s *[2]int) { hangUp(t, k, &s[1]) },
		"error": func(k sys.Kernel, s *[2]int) {
			send(t, k, s[0], "never read, so that close resets")
			hangUp(t, k, &s[1])
		},
	} {
		k, p := on.poller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, sys.Edge))
		must(t, p.Want(s[0], 7, sys.Out))
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.Out})
		change(k, s)
		events := make([]sys.Event, 1)
		n, e := p.Wait(events, sys.Never)
		must(t, e)
		if n != 1 {
			t.Fatalf("%s: not reported", name)
		}
		expect(t, p, k.Now()+int64(5*time.Millisecond))
	}
}

// A descriptor that its owner closed, against the rules, is reported as that, or
// not at all.
func (on System) ClosedDescriptorIsForgotten(t *testing.T) {
	for _, mode := range []sys.Mode{sys.Edge, sys.Level} {
		k, p := on.poller(t)
		s := pair(t, k)
		must(t, p.Add(s[0], 7, mode))
		must(t, p.Want(s[0], 7, sys.In))
		fd := s[0]
		hangUp(t, k, &s[0])
		events := make([]sys.Event, 1)
		n, e := p.Wait(events, look)
		must(t, e)
		if n != 0 && events[0].Ready&sys.Invalid == 0 {
			t.Fatal(events[0])
		}
		expect(t, p, k.Now()+int64(5*time.Millisecond))
		p.Del(fd, 7)
		wantErrno(t, p.Del(fd, 7), unix.ENOENT)
	}
}

// One that is always ready does not keep another from its turn.
func (on System) EachDescriptorGetsItsTurn(t *testing.T) {
	k, p := on.poller(t)
	const others = 10
	for token := range uint64(others) {
		s := pair(t, k)
		must(t, p.Add(s[0], token, sys.Level))
		must(t, p.Want(s[0], token, sys.Out))
	}
	seen := map[uint64]int{}
	events := make([]sys.Event, 3)
	for range 4 * others {
		n, e := p.Wait(events, look)
		must(t, e)
		for _, ev := range events[:n] {
			seen[ev.Token]++
		}
	}
	for token := range uint64(others) {
		if n := seen[token]; n < 3*4-2 {
			t.Errorf("descriptor %d had %d turns of %v", token, n, seen)
		}
	}
}

// Registrations that come and go leave the others as they are.
func (on System) RegistrationsAreIndependent(t *testing.T) {
	k, p := on.poller(t)
	const many = 20
	var pairs [many]*[2]int
	for i := range pairs {
		pairs[i] = pair(t, k)
		must(t, p.Add(pairs[i][0], uint64(i), sys.Edge))
	}
	for i := 0; i < many; i += 2 {
		must(t, p.Del(pairs[i][0], uint64(i)))
	}
	seen := map[uint64]bool{}
	for i := range pairs {
		send(t, k, pairs[i][1], "x")
	}
	events := make([]sys.Event, many)
	for range many {
		n, e := p.Wait(events, look)
		must(t, e)
		for _, ev := range events[:n] {
			seen[ev.Token] = true
		}
	}
	for i := range pairs {
		if seen[uint64(i)] != (i%2 == 1) {
			t.Errorf("registration %d: reported %v", i, seen[uint64(i)])
		}
	}
}
