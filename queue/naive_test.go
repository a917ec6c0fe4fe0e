package queue_test

import (
	"context"
	"slices"

	"github.com/tsocket-go/tsocket/queue"
	"github.com/tsocket-go/tsocket/tevent"
)

const (
	modelEntries = 12
	modelBytes   = 30
)

// naive is a queue as one would write it first: a slice. Its switches break one
// rule each.
type naive struct {
	entries []*naiveEntry
	stopped bool
	began   []int
	states  map[int]tevent.State
	errs    map[int]error

	startAtDone, forgetClaims, ignoreStop, poison, keepCancelled, oneMore, endBlockers, forgetUntrigger bool
}

type naiveEntry struct {
	id, size, claims int
	key              any
	quick, blocker   bool
	started          bool
	forgotten        bool // broken on purpose
}

func (m *naive) bytes() (n int) {
	for _, e := range m.entries {
		n += e.size
	}
	return n
}

func (m *naive) runs() bool { return !m.stopped || m.ignoreStop }

func (m *naive) add(e *naiveEntry, optimize bool) {
	if m.states == nil {
		m.states, m.errs = map[int]tevent.State{}, map[int]error{}
	}
	m.states[e.id] = tevent.StateInProgress
	limit := modelEntries
	if m.oneMore {
		limit++
	}
	if len(m.entries) >= limit || m.bytes()+e.size > modelBytes {
		m.states[e.id], m.errs[e.id] = tevent.StateFailed, queue.ErrFull
		return
	}
	m.entries = append(m.entries, e)
	if optimize && len(m.entries) == 1 && m.runs() {
		m.begin(e)
	}
}

// turn begins the head if it waits.
func (m *naive) turn() {
	if m.runs() && m.passOver(0) && !m.entries[0].started {
		m.begin(m.entries[0])
	}
}

func (m *naive) begin(e *naiveEntry) {
	e.started = true
	if e.blocker {
		return
	}
	if !e.forgotten {
		m.began = append(m.began, e.id)
	}
	m.claim(e)
	if e.quick {
		m.finish(e.id, tevent.StateDone)
	}
}

// claim starts up to e.claims entries behind e with its key. A blocker that is
// done cannot be claimed.
func (m *naive) claim(e *naiveEntry) {
	for i := 1; e.key != nil && m.passOver(i) && i <= e.claims; {
		n := m.entries[i]
		if n.key != e.key || m.states[n.id] != tevent.StateInProgress {
			return
		}
		if m.forgetClaims {
			m.remove(n.id)
			continue
		}
		n.started = true
		i++
	}
}

// passOver removes what ended while it waited and reports whether something is
// at i then.
func (m *naive) passOver(i int) bool {
	for i < len(m.entries) && m.entries[i].over(m) {
		m.remove(m.entries[i].id)
	}
	return i < len(m.entries)
}

func (e *naiveEntry) over(m *naive) bool {
	return !e.started && !e.blocker && m.states[e.id] != tevent.StateInProgress
}

func (m *naive) finish(id int, s tevent.State) {
	m.states[id] = s
	if s == tevent.StateFailed {
		m.errs[id] = errTest
		if m.poison {
			m.fail()
		}
	}
	if m.startAtDone {
		m.remove(id)
	}
}

func (m *naive) remove(id int) {
	m.entries = slices.DeleteFunc(m.entries, func(e *naiveEntry) bool { return e.id == id })
}

// waits reports whether a job is in the queue and waits for its trigger.
func (m *naive) waits(id int) bool {
	i := slices.IndexFunc(m.entries, func(e *naiveEntry) bool { return e.id == id })
	return i >= 0 && !m.entries[i].started && !m.entries[i].blocker
}

// cancel ends a job that waits for its trigger and nothing else.
func (m *naive) cancel(id int) {
	if m.waits(id) {
		m.states[id], m.errs[id] = tevent.StateFailed, context.Canceled
		if !m.keepCancelled {
			m.remove(id)
		}
	}
}

func (m *naive) fail() {
	for _, e := range slices.Clone(m.entries) {
		if !e.started && (!e.blocker || m.endBlockers) && m.states[e.id] == tevent.StateInProgress {
			m.states[e.id], m.errs[e.id] = tevent.StateFailed, errTest
			m.remove(e.id)
		}
	}
}

func (m *naive) isHeadAtWork(id int) bool {
	return len(m.entries) > 0 && m.entries[0].id == id && m.entries[0].started
}

func (m *naive) untrigger() {
	for _, e := range m.entries {
		e.started, e.forgotten = false, m.forgetUntrigger && e.started
	}
}
