package tsocket

import (
	"io"
	"os"
	"sync"
	"time"
)

const (
	// firstLook is how long a call waits before it looks whether anybody runs the loop;
	// it looks again when twice the time has passed, up to lastLook.
	firstLook = time.Second
	lastLook  = 64 * time.Second
)

// side is one kind of blocking call on a bridge, such as Read: the calls have
// their turns one after the other, and the one whose turn it is waits here for
// the loop. The loop touches the caller's memory only under mu, so that a
// deadline and Close end the call at once, whatever the loop does.
type side struct {
	b    *bridge    // immutable
	turn sync.Mutex // of the calls

	// Guarded by mu.
	mu       sync.Mutex
	changed  sync.Cond // one call at a time waits
	changes  uint64    // counts what was told
	over     error     // why no call works any more
	deadline time.Time // zero: none
	alarm    time.Time // when the waiting call is woken at the latest; zero: not at all
	silence  func()    // ends the alarm
	known    bool      // a call has shown that it is not on the loop
	look     time.Duration
	absent   bool // at the last look nobody ran the loop
}

func (s *side) init(b *bridge) { s.b, s.changed.L = b, &s.mu }

// begin takes the turn, and mu; done gives both back.
func (s *side) begin() {
	s.turn.Lock()
	s.mu.Lock()
	s.look, s.absent = firstLook, false
}

func (s *side) done() {
	s.mu.Unlock()
	s.turn.Unlock()
}

// tell wakes the call that waits. It is called with mu.
func (s *side) tell() {
	s.changes++
	s.changed.Signal()
}

// stopped is why the present call cannot go on.
func (s *side) stopped() error {
	if s.over == nil && !s.deadline.IsZero() && !s.b.ev.Now().Before(s.deadline) {
		return os.ErrDeadlineExceeded
	}
	return s.over
}

// wait returns when something may have changed. what is the call; with ask the
// loop has to look at what it wants.
func (s *side) wait(what string, ask bool) error {
	if !s.known { // later calls are examined when they wait for long
		s.b.ev.Outside(what)
		s.known = true
	}
	seen := s.changes
	if ask {
		s.ask()
	}
	if s.changes != seen {
		return nil
	}
	at := s.b.ev.Now().Add(s.look)
	s.arm(at)
	s.changed.Wait()
	if s.changes == seen && !s.b.ev.Now().Before(at) {
		return s.examine(what)
	}
	return nil
}

// ask leaves mu to the loop meanwhile: it may answer at once.
func (s *side) ask() {
	s.mu.Unlock()
	s.b.ask()
	s.mu.Lock()
}

// examine is for a call that waits for long: it fails if nobody runs the loop,
// twice in a row, and has not looked at what was asked in between.
func (s *side) examine(what string) error {
	pending := s.b.posted.Load()
	if pending {
		s.b.ev.Outside(what)
	}
	switch {
	case s.b.ev.Running():
		s.look, s.absent = min(2*s.look, lastLook), false
	case s.absent && pending:
		return errNotRun
	default:
		s.look, s.absent = firstLook, true
		s.ask()
	}
	return nil
}

// arm has the waiting call woken at the deadline, at the latest at another
// instant. An alarm that comes too early does no harm, so one serves many calls.
func (s *side) arm(at time.Time) {
	if !s.deadline.IsZero() && s.deadline.Before(at) {
		at = s.deadline
	}
	if !s.alarm.IsZero() {
		if !at.Before(s.alarm) {
			return
		}
		s.silence()
	}
	s.alarm = at
	s.silence = s.b.ev.Alarm(at.Sub(s.b.ev.Now()), func() { s.rung(at) })
}

func (s *side) rung(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alarm.Equal(at) {
		s.alarm = time.Time{}
	}
	s.changed.Signal()
}

// setDeadline lets the call that waits see it.
func (s *side) setDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = t
	s.tell()
}

// shut ends the calls.
func (s *side) shut(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over == nil || s.over == io.EOF { // that of CloseRead
		s.over = err
	}
	if !s.alarm.IsZero() {
		s.silence()
		s.alarm = time.Time{}
	}
	s.tell()
}
