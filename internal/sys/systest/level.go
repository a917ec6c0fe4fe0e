//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package systest

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func levels(t *testing.T, on System) {
	tests{
		{"LevelReportsAConditionUntilItIsGone", on.LevelReportsAConditionUntilItIsGone},
		{"LevelWantReplaces", on.LevelWantReplaces},
		{"LevelHangupWithoutInterestDoesNotReport", on.LevelHangupWithoutInterestDoesNotReport},
	}.run(t)
}

func (on System) LevelReportsAConditionUntilItIsGone(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Level))
	must(t, p.Want(s[0], 7, sys.In))
	send(t, k, s[1], "x")
	for range 3 {
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.In})
	}
	recv(t, k, s[0])
	expect(t, p, look)
}

func (on System) LevelWantReplaces(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	send(t, k, s[1], "x")
	must(t, p.Add(s[0], 7, sys.Level))
	for _, dir := range []sys.Ready{sys.In, sys.Out, sys.In | sys.Out, sys.In} {
		must(t, p.Want(s[0], 7, dir))
		must(t, p.Want(s[0], 7, dir))
		expect(t, p, sys.Never, sys.Event{Token: 7, Ready: dir})
	}
	must(t, p.Want(s[0], 7, 0))
	expect(t, p, look)
}

func (on System) LevelHangupWithoutInterestDoesNotReport(t *testing.T) {
	k, p := on.poller(t)
	s := pair(t, k)
	must(t, p.Add(s[0], 7, sys.Level))
	hangUp(t, k, &s[1])
	expect(t, p, look)
	must(t, p.Want(s[0], 7, sys.Hangup))
	expect(t, p, sys.Never, sys.Event{Token: 7, Ready: sys.Hangup})
	must(t, p.Want(s[0], 7, 0))
	expect(t, p, look)
	must(t, p.Want(s[0], 7, 0))
}
