package machine

import (
	"crypto/sha256"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// key identifies a world by what its future depends on. Transcripts count only
// in an exact key: any two are the same to two correct machines, for which each
// confirmation holds, and carry_test.go fails on the first that does not.
func (w *world) key(exact bool) (k [16]byte) {
	b := make([]byte, 0, 256)
	for i := range w.ends {
		b = w.ends[i].appendKey(b)
		if m := w.ends[i].m; exact && !m.over() {
			b = append(append(b, m.sent.sum[:8]...), m.recv.sum[:8]...)
		}
	}
	s := sha256.Sum256(append(b, bit(w.cut), byte(w.trouble)))
	copy(k[:], s[:])
	return k
}

func (e *end) appendKey(b []byte) []byte {
	m := e.m
	b = append(b, byte(m.state), byte(m.try.n), byte(m.try.half), byte(e.timer), byte(e.half))
	for _, v := range []bool{e.stepped, e.late, e.open, e.up, e.shut, e.closed, e.told, e.aborted} {
		b = append(b, bit(v))
	}
	if !m.over() {
		b = append(b, byte(m.try.mine), byte(m.try.peer), byte(m.version))
		b = appendItems(b, m.held)
		for _, t := range m.trials {
			b = append(b, t.Arch[0], t.Arch[1], byte(t.Reason))
		}
	}
	if m.fault != nil {
		b = append(b, bit(m.fault.Open))
	}
	for _, it := range e.inbox {
		b = append(b, 0xff, bit(it.end != nil))
		b = appendItems(b, []frame{{Frame: it.frame}})
	}
	return b
}

// appendItems appends frames without what only confirms them.
func appendItems(b []byte, list []frame) []byte {
	for _, f := range list {
		p := f.Payload
		switch f.Type {
		case wire.TypeEOF:
			p = nil
		case wire.TypeOK, wire.TypeConInfo, wire.TypeFail:
			p = p[:min(4, len(p))]
		}
		b = append(append(b, byte(f.Type), byte(len(p))), p...)
	}
	return b
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}
