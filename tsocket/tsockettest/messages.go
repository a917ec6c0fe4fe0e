package tsockettest

import (
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// NewMessages returns two connected ends on ev. The suite closes them.
type NewMessages func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages)

// MessageSuite shows on pairs of newMessages what holds for connections of messages
// over every transport. None takes a message of more than 16 MiB.
func MessageSuite(t *testing.T, newMessages NewMessages) {
	messageSuite(t, newMessages, onSystem, func(p *messages) *tevent.Context { return teventtest.New(p) })
}

// MessageSuiteIn is MessageSuite in a place with one context, such as a simulated
// world: connections that move come back to it.
func MessageSuiteIn(t *testing.T, place Place, newMessages NewMessages) {
	messageSuite(t, newMessages, place, func(p *messages) *tevent.Context { return p.ev })
}

// Framed makes frames of the streams of newPair.
func Framed(newPair NewPair) NewMessages {
	return func(t testing.TB, ev *tevent.Context) (a, b *tsocket.Messages) {
		t.Helper()
		x, y := newPair(t, ev)
		return tsocket.FrameMessages(x), tsocket.FrameMessages(y)
	}
}

// messageGuarantee is one subtest; it gets a fresh pair on a context that is
// checked for leaks.
type messageGuarantee struct {
	name string
	show func(p *messages)
}

func messageSuite(t *testing.T, newMessages NewMessages, place Place, other func(*messages) *tevent.Context) {
	for _, list := range [][]messageGuarantee{messageReads, messageSends, messageTries, messageHandlers, messageEnds, messageLives} {
		for _, g := range list {
			t.Run(g.name, func(t *testing.T) {
				place(t, func(t testing.TB, ev *tevent.Context) {
					a, b := newMessages(t, ev)
					t.Cleanup(func() {
						a.Close()
						b.Close()
					})
					g.show(&messages{scene{t, ev}, a, b, other})
				})
			})
		}
	}
}

// messages is two connected ends and the test they belong to.
type messages struct {
	scene
	a, b  *tsocket.Messages
	other func(p *messages) *tevent.Context // where ends move to
}

// send sends text from m.
func (p *messages) send(m *tsocket.Messages, text string) {
	p.Helper()
	if n := get(p, m.Send([]byte(text))); n != len(text) {
		p.Fatalf("Send of %d bytes says %d", len(text), n)
	}
}

// recv wants text to be m's next message.
func (p *messages) recv(m *tsocket.Messages, text string) {
	p.Helper()
	buf := make([]byte, len(text)+1)
	p.came(get(p, m.Recv(buf)), buf, text)
}

// came wants g, which was received into buf, to be text and all of it.
func (p *messages) came(g tsocket.Message, buf []byte, text string) {
	p.Helper()
	if string(buf[:g.N]) != text || g.Truncated || g.FDs != nil || g.Surplus {
		p.Fatalf("received %.80q, %+v, want %.80q", buf[:g.N], g, text)
	}
}

// ends wants the end of m.
func (p *messages) ends(m *tsocket.Messages) {
	p.Helper()
	fails(p, m.Recv(make([]byte, 1)), atEnd...)
}

// block sends from a until messages wait, and returns them all. Each begins with
// its number.
func (p *messages) block() (sent []tevent.Req[int]) {
	p.Helper()
	p.a.SetSendLimits(tsocket.Limits{Entries: 1 << 20, Bytes: 1 << 30})
	for waiting := 0; waiting < 3; waiting++ {
		for range 100 {
			text := make([]byte, 16<<10)
			copy(text, numbered(len(sent) + 1)[len(sent)])
			sent = append(sent, p.a.Send(text))
		}
		p.turns(3)
		if n, _ := p.a.Queued(); n == 0 {
			waiting = -1 // all of them found room
		}
	}
	return sent
}
