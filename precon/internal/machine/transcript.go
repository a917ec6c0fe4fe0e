package machine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// transcript is a hash chain over one side's frames: sum 0 is the hash of the
// empty string, sum n+1 the SHA-256 of sum n and frame n, header included. A
// chain, because a peer may cover any number of our frames.
type transcript struct {
	n   uint32   // frames so far
	sum wire.Sum // over all of them
}

func newTranscript() transcript { return transcript{sum: sha256.Sum256(nil)} }

func (t *transcript) add(f wire.Frame) {
	t.n++
	t.sum = sha256.Sum256(f.Append(t.sum[:]))
}

// outbox is the transcript of our own frames with every sum kept. Invariant:
// len(sums) == n+1, at most [wire.MaxFrames]+2.
type outbox struct {
	transcript
	sums []wire.Sum
}

func newOutbox() outbox {
	t := newTranscript()
	return outbox{t, []wire.Sum{t.sum}}
}

func (o *outbox) add(f wire.Frame) {
	o.transcript.add(f)
	o.sums = append(o.sums, o.sum)
}

// confirmation computes what OK and EOF carry: u8 role of the sender, u32
// attempt, sum of the active and sum of the passive side's covered frames, under
// HMAC-SHA-256 with key, or plain SHA-256 without one.
func confirmation(key []byte, sender wire.Role, attempt uint32, own, peers wire.Sum) wire.Sum {
	b := binary.BigEndian.AppendUint32([]byte{byte(sender)}, attempt)
	if sender == wire.Passive {
		own, peers = peers, own
	}
	b = append(append(b, own[:]...), peers[:]...)
	if len(key) == 0 {
		return sha256.Sum256(b)
	}
	return mac(key, b)
}

func mac(key, b []byte) (s wire.Sum) {
	h := hmac.New(sha256.New, key)
	h.Write(b)
	h.Sum(s[:0])
	return s
}

// confirmKey joins the bootstrap's key and the path's secret; either may be
// missing.
func confirmKey(boot, path []byte) []byte {
	if len(boot) == 0 || len(path) == 0 {
		return append(boot[:len(boot):len(boot)], path...)
	}
	s := mac(boot, path)
	return s[:]
}

// confirm returns the count and confirmation over all frames so far, both ways.
func (m *Machine) confirm() (uint32, wire.Sum) {
	return m.recv.n, confirmation(m.try.key, m.cfg.Mine.Role, m.try.n, m.sent.sum, m.recv.sum)
}

// confirmed checks the peer's: before is the peer's transcript in front of the
// frame that carries it, count the number of our frames it covers.
func (m *Machine) confirmed(before, got wire.Sum, count uint32) bool {
	if count > m.sent.n {
		return false
	}
	want := confirmation(m.try.key, m.cfg.Mine.Role.Other(), m.try.n, before, m.sent.sums[count])
	return hmac.Equal(want[:], got[:])
}
