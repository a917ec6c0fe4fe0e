package precontest

import (
	"fmt"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// Meeting is where the two halves of a path beside find each other: the active
// side leaves one end under a token, the passive one, told the token in a step,
// takes it.
type Meeting struct {
	pair func(*tevent.Context) (a, b *tsocket.Stream, err error) // immutable
	last int
	left map[string]*tsocket.Stream
}

// NewMeeting returns a meeting for paths that pair makes, such as
// tsocket.Socketpair; nil stands for tsocket.Pipe.
func NewMeeting(pair func(*tevent.Context) (a, b *tsocket.Stream, err error)) *Meeting {
	if pair == nil {
		pair = func(ev *tevent.Context) (a, b *tsocket.Stream, err error) {
			a, b = tsocket.Pipe(ev, tsocket.PipeConfig{})
			return a, b, nil
		}
	}
	return &Meeting{pair: pair, left: map[string]*tsocket.Stream{}}
}

// leave makes a path and keeps its other end until it is taken, or the first is
// closed.
func (m *Meeting) leave(ev *tevent.Context) (a *tsocket.Stream, token string, err error) {
	a, b, err := m.pair(ev)
	if err != nil {
		return nil, "", err
	}
	m.last++
	token = fmt.Sprint("path ", m.last)
	m.left[token] = b
	a.OnClose(func() {
		if b := m.take(token); b != nil {
			b.Close()
		}
	})
	return a, token, nil
}

// take returns what was left under token, or nil.
func (m *Meeting) take(token string) *tsocket.Stream {
	b := m.left[token]
	delete(m.left, token)
	return b
}

// stray is a path to somebody who writes something else.
func (m *Meeting) stray(ev *tevent.Context) (*tsocket.Stream, error) {
	a, b, err := m.pair(ev)
	if err != nil {
		return nil, err
	}
	b.Send(make([]byte, 64)).Ignore()
	a.OnClose(func() { b.Close() })
	return a, nil
}
