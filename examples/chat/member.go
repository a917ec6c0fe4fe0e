package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/readv"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// waiting bounds what waits to be sent to one client.
var waiting = tsocket.Limits{Entries: 256, Bytes: 64 << 10}

const (
	shyness = 30 * time.Second // how long a client may take to say his name
	grace   = 5 * time.Second  // how long one who leaves may take to hear the last lines
)

// member is one client. He says his name, then lines: read → got → read. When he
// leaves, what waits for him is sent, and what he still says is read and forgotten,
// until he has closed his side: so the last line reaches him.
type member struct {
	tevent.Op[tevent.None]
	room     *room
	s        *tsocket.Stream
	patience time.Duration
	reading  tevent.Req[[]byte]
	name     string // "" before he said it
	lost     int    // lines since the last one that found room
	leaving  bool
	last     string // line, when he leaves
	told     bool   // everything was sent
	silent   bool   // he has closed his side
}

func newMember(r *room, s *tsocket.Stream, patience time.Duration) *member {
	m := &member{room: r, s: s, patience: patience}
	m.Start(s.Context(), "member")
	m.Own(s)
	m.SetCleanup(m.over)
	r.members = append(r.members, m)
	s.SetSendLimits(waiting)
	m.say("* say your name")
	m.read(shyness)
	return m
}

// present reports whether he is one of those who talk.
func (m *member) present() bool { return m.name != "" && !m.leaving }

// over is when he is gone, however that came.
func (m *member) over(tevent.State) {
	m.part()
	m.room.forget(m)
}

// part tells the others, if they know him.
func (m *member) part() {
	known := m.present()
	m.leaving = true
	if known {
		m.room.tell(nil, fmt.Sprintf("* %s has left", m.name))
	}
}

// read waits for a line; 0 is for as long as it takes.
func (m *member) read(timeout time.Duration) {
	m.reading = readv.PeekPDU(m.s, frame)
	if timeout > 0 {
		m.reading.SetTimeout(timeout)
	}
	tevent.Handle(m.reading, m, (*member).got)
}

func (m *member) got(line []byte, err error) {
	var long *readv.TooLongError
	switch {
	case m.leaving: // so the read was cancelled
		m.discard()
		return
	case err == nil:
		text := clean(line)
		m.s.Consume(len(line))
		m.heard(text)
	case errors.As(err, &long):
		m.leave(fmt.Sprintf("* a line has at most %d bytes", maxLine))
	case errors.Is(err, tevent.ErrDeadline):
		m.leave("* you have no name")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		m.leave("* goodbye")
	case m.Fail(err):
		return
	}
	switch {
	case m.leaving:
		m.discard()
	case m.name == "":
		m.read(shyness)
	default:
		m.read(0)
	}
}

// heard is a line of his.
func (m *member) heard(text string) {
	switch {
	case text == "":
	case text == "/quit":
		m.leave("* goodbye")
	case text == "/who":
		m.say("* " + m.room.who())
	case m.name == "":
		m.introduce(text)
	default:
		m.room.counts.lines++
		m.room.tell(m, m.name+": "+text)
	}
}

func (m *member) introduce(name string) {
	switch {
	case !isName(name):
		m.say(fmt.Sprintf("* a name is up to %d bytes of letters, digits, - and _", maxName))
	case m.room.taken(name):
		m.say("* that name is taken")
	default:
		m.room.tell(nil, fmt.Sprintf("* %s is here", name))
		m.name = name
		m.say("* welcome, " + name + "; " + m.room.who())
	}
}

func (m *member) say(text string) { m.send([]byte(text + "\n")) }

// send queues a line, or counts it as lost. From the first that is lost until he
// has caught up none is queued, so that what he is told stands where they are
// missing.
func (m *member) send(line []byte) {
	if m.lost == 0 && m.s.Room(len(line)) {
		tevent.Then(m.s.Send(line), m, nil)
		return
	}
	m.room.counts.lost++
	if m.lost++; m.lost == 1 {
		m.s.Drained().SetTimeout(m.patience).Handle(m, m.caughtUp)
	}
}

func (m *member) caughtUp(_ tevent.None, err error) {
	if err != nil {
		m.s.Abort() // the system forgets what it had for him
		m.Fail(err)
		return
	}
	n := m.lost
	m.lost = 0
	m.say(fmt.Sprintf("* you were too slow: %d lines lost", n))
	if m.leaving {
		m.farewell()
	}
}

// leave begins the end, which is in grace at the latest.
func (m *member) leave(last string) {
	if m.leaving {
		return
	}
	m.last = last
	m.part()
	m.Req().SetTimeout(grace)
	m.reading.Cancel()
	if m.lost == 0 {
		m.farewell()
	}
}

// farewell says the last line, when he has caught up, and that nothing follows.
func (m *member) farewell() {
	if m.say(m.last); m.lost == 0 {
		m.s.SendShutdown().Then(m, m.shut)
	}
}

func (m *member) shut(int) {
	m.told = true
	m.settle()
}

func (m *member) discard() { tevent.Handle(m.s.Peek(1), m, (*member).discarded) }

func (m *member) discarded(b []byte, err error) {
	if err != nil {
		m.silent = true
		m.settle()
		return
	}
	m.s.Consume(len(b))
	m.discard()
}

func (m *member) settle() {
	if m.told && m.silent {
		m.Done(tevent.None{})
	}
}
