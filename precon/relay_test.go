package precon_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// relay stands between two sides and passes on what one way of it says.
type relay struct {
	ways [2]*way // from the active, from the passive side
}

// way is one direction of a relay. The zero limit passes everything.
type way struct {
	from, to *tsocket.Stream
	back     *way
	passed   int
	limit    int                       // bytes after which the way ends
	cut      func(*way)                // how it ends
	edit     func(frame []byte) []byte // of each frame; nil passes bytes as they come
	rest     []byte                    // of a frame that is not there yet
	log      []byte                    // what was passed
	over     bool
}

// newRelay returns the outer ends of a relay.
func newRelay(ev *tevent.Context) (r *relay, active, passive *tsocket.Stream) {
	active, x := tsocket.Pipe(ev, tsocket.PipeConfig{})
	y, passive := tsocket.Pipe(ev, tsocket.PipeConfig{})
	r = &relay{ways: [2]*way{{from: x, to: y, limit: -1}, {from: y, to: x, limit: -1}}}
	r.ways[0].back, r.ways[1].back = r.ways[1], r.ways[0]
	return r, active, passive
}

func (r *relay) run() {
	for _, w := range r.ways {
		w.read()
	}
}

func (r *relay) close() {
	for _, w := range r.ways {
		w.over = true
		w.from.Close()
	}
}

func (w *way) read() {
	if w.limit == 0 {
		w.end()
		return
	}
	w.from.Peek(1).SetCallback(w.got)
}

func (w *way) got(r tevent.Req[[]byte]) {
	b, err := r.Result()
	switch {
	case w.over:
	case err == nil:
		n := len(b)
		w.pass(bytes.Clone(b))
		w.from.Consume(n)
		if !w.over {
			w.read()
		}
	case errors.Is(err, io.EOF):
		w.to.SendShutdown().Ignore()
	default:
		w.over = true
		w.to.Abort()
	}
}

// pass sends on, whole frames if they are edited.
func (w *way) pass(b []byte) {
	if w.edit == nil {
		w.send(b)
		return
	}
	w.rest = append(w.rest, b...)
	for len(w.rest) >= 8 {
		n := 8 + int(binary.BigEndian.Uint32(w.rest[4:]))
		if len(w.rest) < n {
			return
		}
		f := w.rest[:n:n]
		w.rest = w.rest[n:]
		w.send(w.edit(f))
	}
}

func (w *way) send(b []byte) {
	if w.limit >= 0 {
		b = b[:min(len(b), w.limit-w.passed)]
	}
	w.passed += len(b)
	w.log = append(w.log, b...)
	if len(b) > 0 {
		w.to.Send(b).Ignore()
	}
	if w.passed == w.limit {
		w.end()
	}
}

func (w *way) end() {
	w.over = true
	w.cut(w)
}

// The ways to end.

// fin is a peer that closes its side in order and hears nothing more.
func fin(w *way) {
	w.to.SendShutdown().Ignore()
	w.from.Abort()
}

// silence is a peer that hears and says nothing more.
func silence(w *way) { w.back.over = true }

// kill is a peer that dies: what it sent arrives, then a reset.
func kill(w *way) {
	w.back.over = true
	w.to.Abort()
	w.from.Abort()
}

// frames splits what was passed.
func frames(log []byte) (list [][]byte) {
	for len(log) >= 8 {
		n := min(len(log), 8+int(binary.BigEndian.Uint32(log[4:])))
		list = append(list, log[:n:n])
		log = log[n:]
	}
	return list
}

// slowPair makes pipes for a meeting.
func slowPair(c tsocket.PipeConfig) func(*tevent.Context) (a, b *tsocket.Stream, err error) {
	return func(ev *tevent.Context) (a, b *tsocket.Stream, err error) {
		a, b = tsocket.Pipe(ev, c)
		return a, b, nil
	}
}
