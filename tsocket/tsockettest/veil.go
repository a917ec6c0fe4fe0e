package tsockettest

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

var _ tsocket.StreamOps = (*Veil)(nil)

// Veil is a data layer for tests, of the kind that TLS is: what is written goes
// out in records of its own, veiled, and a record without bytes says that nothing
// follows. It uses the stream below by requests. A step of its end waits or
// fails when it is told to.
type Veil struct {
	lower   *tsocket.Stream
	r       *tsocket.Read
	peek    tevent.Req[[]byte]
	plain   []byte
	left    int  // bytes of the present record that are to be read
	over    bool // the peer's last record has come
	w       *tsocket.Write
	sending bool  // a record waits for room
	werr    error // of the first record that failed
	bye     bool  // the last record was sent
	monitor tevent.Req[tevent.None]
	steps   []*tsocket.Shut // that are not finished
	held    map[tsocket.ShutStep]bool
	broken  map[tsocket.ShutStep]error
}

// record is the longest.
const record = 16 << 10

// LayVeil puts a Veil on lower, and returns it with the stream on top.
func LayVeil(cfg tsocket.LayerConfig, lower *tsocket.Stream) (*Veil, *tsocket.Stream, error) {
	v := &Veil{lower: lower, held: map[tsocket.ShutStep]bool{}, broken: map[tsocket.ShutStep]error{}}
	cfg.Name, cfg.Role = "veil", tsocket.DataLayer
	l, err := cfg.Lay(lower, v)
	if err != nil {
		return nil, nil, err
	}
	return v, l.Done(tsocket.Address{}, tsocket.Address{}), nil
}

// Hold has a step wait until Resume.
func (v *Veil) Hold(step tsocket.ShutStep) { v.held[step] = true }

// Resume lets a step go on, or fail with err.
func (v *Veil) Resume(step tsocket.ShutStep, err error) {
	delete(v.held, step)
	v.broken[step] = err
	v.advance()
}

// StartRead waits for a part of a record.
func (v *Veil) StartRead(r *tsocket.Read) {
	v.r = r
	v.next()
}

func (v *Veil) next() {
	switch {
	case len(v.plain) > 0:
		v.scatter()
		return
	case v.over:
		v.give(0, io.EOF)
		return
	}
	least := 1
	if v.left == 0 {
		least = 2 // its length
	}
	v.peek = v.lower.Peek(least)
	v.peek.SetCallback(v.came)
}

func (v *Veil) came(r tevent.Req[[]byte]) {
	b, err := r.Result()
	header := 0
	if v.left == 0 && err == nil {
		header = 2
		v.left = int(binary.BigEndian.Uint16(b))
		v.over = v.left == 0
	}
	switch {
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		v.give(0, err)
		return
	case err != nil:
		v.give(0, io.EOF) // a peer that was cut off
		return
	}
	b = b[header:]
	v.plain = append(v.plain, b[:min(len(b), v.left)]...)
	v.lower.Consume(header + len(v.plain))
	v.left -= len(v.plain)
	veil(v.plain)
	v.next()
}

// scatter gives the reader what it has room for.
func (v *Veil) scatter() {
	n := 0
	for _, p := range v.r.Buffers() {
		n += copy(p, v.plain[n:])
	}
	v.plain = append(v.plain[:0], v.plain[n:]...)
	v.give(n, nil)
}

// veil is its own opposite.
func veil(b []byte) {
	for i := range b {
		b[i] ^= 0x5a
	}
}

func (v *Veil) give(n int, err error) {
	r := v.r
	v.r = nil
	if errors.Is(err, io.EOF) {
		err = io.EOF
	}
	r.Finish(n, err)
}

// CancelRead leaves what has come below.
func (v *Veil) CancelRead() {
	v.peek.Drop()
	v.r = nil
}

// StartWrite sends records until one has to wait.
func (v *Veil) StartWrite(w *tsocket.Write) {
	v.w = w
	v.flush()
}

func (v *Veil) flush() {
	for v.w != nil && !v.sending {
		w := v.w
		switch {
		case v.werr != nil:
			v.w = nil
			w.Finish(v.werr)
		case w.Empty():
			v.w = nil
			w.Finish(nil)
		default:
			b := first(record, w.Buffers())
			if v.send(b) {
				w.Advance(len(b))
			}
		}
	}
}

// first is a copy of the first bytes, n at most.
func first(n int, of [][]byte) []byte {
	b := make([]byte, 0, n)
	for _, p := range of {
		b = append(b, p[:min(len(p), n-len(b))]...)
	}
	return b
}

// send sends a record, which from then on goes out whole.
func (v *Veil) send(b []byte) bool {
	veil(b)
	r := v.lower.Writev(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b)
	if r.InProgress() {
		v.sending = true
		r.SetCallback(v.sent)
		return true
	}
	_, v.werr = r.Result()
	return v.werr == nil
}

func (v *Veil) sent(r tevent.Req[int]) {
	_, v.werr = r.Result()
	v.sending = false
	v.flush()
	v.advance()
}

// CancelWrite lets a record that was begun go out.
func (v *Veil) CancelWrite() { v.w = nil }

// StartShut sends the last record before the direction to the peer ends, or
// before the close at the latest.
func (v *Veil) StartShut(x *tsocket.Shut) {
	v.steps = append(v.steps, x)
	v.advance()
}

// advance finishes the steps that wait for nothing any more.
func (v *Veil) advance() {
	for i := 0; i < len(v.steps); i++ {
		x := v.steps[i]
		if v.held[x.Step()] || x.Step() != tsocket.ShutRead && !v.farewell() {
			continue
		}
		v.steps = slices.Delete(v.steps, i, i+1)
		i = -1 // what follows may have changed
		x.Finish(v.broken[x.Step()])
	}
}

// farewell reports whether the last record is on its way, or never will be.
func (v *Veil) farewell() bool {
	if !v.bye && !v.sending && v.werr == nil {
		v.bye = true
		v.send(nil)
		v.werr = nil // a peer that is gone needs none
	}
	return !v.sending
}

// Close forgets everything.
func (v *Veil) Close() error {
	v.peek.Drop()
	v.monitor.Drop()
	v.r, v.w, v.steps = nil, nil, nil
	return nil
}

// Monitor is that of the stream below.
func (v *Veil) Monitor(f func(error)) {
	v.monitor.Drop()
	if f == nil {
		return
	}
	v.monitor = v.lower.Monitor()
	v.monitor.SetCallback(func(r tevent.Req[tevent.None]) {
		_, err := r.Result()
		f(err)
	})
}

// Pending looks at what is below, and at what can be received there at once.
func (v *Veil) Pending() (int, error) {
	n, err := v.lower.Pending()
	if err != nil || n == 0 || v.over || v.peek.InProgress() {
		return len(v.plain), nil
	}
	b := v.lower.Buffered()
	if r := v.lower.Peek(n); r.InProgress() {
		r.Drop()
	} else {
		b, _ = r.Result()
	}
	return v.count(b), nil
}

// count is how many bytes there are to be read with those in b.
func (v *Veil) count(b []byte) int {
	total, left := len(v.plain), v.left
	for {
		n := min(left, len(b))
		total, b = total+n, b[n:]
		if len(b) < 2 {
			return total
		}
		if left = int(binary.BigEndian.Uint16(b)); left == 0 {
			return total
		}
		b = b[2:]
	}
}

// Attach moves the stream below to ev.
func (v *Veil) Attach(ev *tevent.Context) error { return v.lower.SetEventContext(ev) }

// Detach takes it off its loop.
func (v *Veil) Detach() error { return v.lower.SetEventContext(nil) }
