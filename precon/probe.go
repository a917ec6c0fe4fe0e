package precon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
	"github.com/tsocket-go/tsocket/tevent"
)

// proof shows both ends that a new path leads to the peer of the bootstrap: each
// writes a PROBE as its first bytes there and reads the other's.
type proof struct {
	tevent.Op[tevent.None]
	h    *half
	want []byte
	got  []byte
	left int // of sending ours and reading the peer's
}

// prove begins the proof of h's path. The request can be cancelled.
func (s *session) prove(h *half) tevent.Req[tevent.None] {
	p := &proof{h: h, want: s.probe(h, s.mine.Role.Other()), left: 2}
	p.got = make([]byte, len(p.want))
	p.Start(s.ev, "probe")
	h.path.Stream.Send(s.probe(h, s.mine.Role)).Then(p, p.sent)
	h.path.Stream.Readv(p.got).Then(p, p.read)
	return p.Req()
}

func (p *proof) sent(int) { p.step() }

func (p *proof) read(int) {
	if !hmac.Equal(p.want, p.got) {
		p.Fail(&Refusal{ReasonFailed, "the path leads to somebody else"})
		return
	}
	p.step()
}

// step counts: what the peer has not got yet would be lost with the request.
func (p *proof) step() {
	if p.left--; p.left == 0 {
		p.Done(tevent.None{})
	}
}

// probe is the frame that role sends.
func (s *session) probe(h *half, role wire.Role) []byte {
	active, passive := s.mine.Nonce, s.m.Peer().Nonce
	if s.mine.Role == wire.Passive {
		active, passive = passive, active
	}
	return probeFrame(h.path.Secret, active, passive, h.attempt, role).Bytes()
}

// probeFrame is the PROBE of docs/wire.md. Without a secret the MAC has no key:
// it finds mistakes and promises nothing.
func probeFrame(secret []byte, active, passive wire.ID, attempt uint32, sender wire.Role) wire.Frame {
	mac := hmac.New(sha256.New, secret)
	mac.Write(active[:])
	mac.Write(passive[:])
	mac.Write(binary.BigEndian.AppendUint32(nil, attempt))
	mac.Write([]byte{byte(sender)})
	return wire.Frame{Type: wire.TypeProbe, Payload: mac.Sum(nil)}
}
