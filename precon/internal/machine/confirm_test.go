package machine

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// TestAnyFlippedBitKeepsBothFromComingUp flips each bit of each payload on its
// way, both ways, and runs the negotiation to its end.
func TestAnyFlippedBitKeepsBothFromComingUp(t *testing.T) {
	runs := 0
	for to := range 2 {
		for frame := 0; ; frame++ {
			n := flip(t, to, frame, -1)
			if n < 0 {
				break
			}
			for bit := range n * 8 {
				flip(t, to, frame, bit)
				runs++
			}
		}
	}
	t.Logf("%d runs", runs)
}

// flip runs two machines, halves done at once, with one bit changed in the frame
// of that number on its way to one side. It returns the frame's payload length,
// -1 if there is no such frame. A negative bit changes nothing.
func flip(t *testing.T, to, frame, bit int) (length int) {
	w := meetUp(t, config(wire.Active, "one", "two"), config(wire.Passive, "one", "two"))
	a, p, length := &w.ends[0], &w.ends[1], -1
	for seen, more := 0, true; more; {
		more = false
		for i := range w.ends {
			e := &w.ends[i]
			if len(e.inbox) == 0 || e.closed || e.up {
				continue
			}
			more = true
			if it := &e.inbox[0]; i == to && it.end == nil {
				if seen == frame {
					length = len(it.frame.Payload)
					it.frame.Payload = flipped(it.frame.Payload, bit)
				}
				seen++
			}
			w.pass(i)
		}
	}
	if both := a.up && p.up; both != (bit < 0) {
		t.Fatalf("both up: %v with bit %d of frame %d to end %d flipped", both, bit, frame, to)
	}
	return length
}

func flipped(p []byte, bit int) []byte {
	if bit < 0 {
		return p
	}
	p = bytes.Clone(p)
	p[bit/8] ^= 1 << (bit % 8)
	return p
}

// pass delivers one item without the checks for correct peers; halves are done
// and released at once.
func (w *world) pass(i int) {
	e, peer := &w.ends[i], &w.ends[1-i]
	it := e.inbox[0]
	e.inbox = e.inbox[1:]
	var acts []Action
	if it.end != nil {
		acts = e.m.Event(it.end)
	} else {
		acts = e.m.Frame(it.frame.Type, it.frame.Payload)
	}
	for len(acts) > 0 {
		next := e.m.try.n
		for _, a := range acts {
			switch a := a.(type) {
			case Send:
				w.push(peer, item{frame: a.Frame})
			case ShutWrite:
				w.push(peer, item{end: FIN{}})
			case Close:
				w.close(e, peer, a.Reset)
			}
		}
		e.shell(acts)
		acts = nil
		switch e.half {
		case running:
			e.half = done
			acts = e.m.Event(HalfDone{Attempt: next})
		case releasing:
			e.half = noHalf
			acts = e.m.Event(HalfReleased{next})
		}
	}
}

// TestKeysMustAgree covers the bootstrap's key, the path's secret and both.
func TestKeysMustAgree(t *testing.T) {
	one, two := []byte("one"), []byte("two")
	for _, c := range []struct {
		boot, path [2][]byte
		up         bool
	}{
		{boot: [2][]byte{one, one}, up: true},
		{boot: [2][]byte{one, two}},
		{boot: [2][]byte{one, nil}},
		{path: [2][]byte{one, one}, up: true},
		{path: [2][]byte{one, two}},
		{boot: [2][]byte{one, one}, path: [2][]byte{two, two}, up: true},
		{boot: [2][]byte{one, one}, path: [2][]byte{two, nil}},
		{boot: [2][]byte{one, two}, path: [2][]byte{two, one}},
	} {
		a, p := config(wire.Active, "one"), config(wire.Passive, "one")
		a.Key, p.Key = c.boot[0], c.boot[1]
		am, pm := newMachine(t, a), newMachine(t, p)
		am.try.n, pm.try.n = 1, 1
		am.try.key, pm.try.key = confirmKey(a.Key, c.path[0]), confirmKey(p.Key, c.path[1])
		count, sum := am.confirm()
		if got := pm.confirmed(pm.recv.sum, sum, count); got != c.up {
			t.Errorf("keys %q, secrets %q: confirmed %v", c.boot, c.path, got)
		}
		if pm.confirmed(pm.recv.sum, sum, count+1) {
			t.Error("covers frames never sent")
		}
	}
}

// TestConfirmationIsTheDocumentedHash builds both roles' confirmation by hand.
func TestConfirmationIsTheDocumentedHash(t *testing.T) {
	zero := sha256.Sum256(nil)
	frame := wire.Step{Attempt: 1, Data: []byte("x")}.Frame()
	var active transcript
	active.sum = zero
	active.add(frame)
	chained := sha256.Sum256(append(zero[:], frame.Bytes()...))
	for _, c := range []struct {
		role       wire.Role
		own, peers wire.Sum
	}{{wire.Active, active.sum, zero}, {wire.Passive, zero, active.sum}} {
		text := slices.Concat([]byte{byte(c.role), 0, 0, 0, 7}, chained[:], zero[:])
		if got := confirmation(nil, c.role, 7, c.own, c.peers); got != sha256.Sum256(text) {
			t.Errorf("%v without a key: %x", c.role, got)
		}
		h := hmac.New(sha256.New, []byte("k"))
		h.Write(text)
		if got := confirmation([]byte("k"), c.role, 7, c.own, c.peers); !hmac.Equal(got[:], h.Sum(nil)) {
			t.Errorf("%v with a key: %x", c.role, got)
		}
	}
}

// TestEOFMustCoverOurOK gives an EOF that is right for fewer frames.
func TestEOFMustCoverOurOK(t *testing.T) {
	for _, s := range stages {
		if s.state != Commit {
			continue
		}
		m := s.end(t).m
		count := m.try.okAt - 1
		sum := confirmation(nil, m.mine.Role.Other(), m.try.n, m.recv.sum, m.sent.sums[count])
		m.Frame(wire.TypeEOF, wire.EOF{Count: count, Confirm: sum}.Frame().Payload)
		if f := m.Fault(); f == nil || f.Reason != wire.Confirm || !f.Open {
			t.Errorf("%v: %v, %v", s.role, m.State(), f)
		}
	}
}
