package wire

import "encoding/binary"

// Req is the payload of ARCH_REQ: the active side starts an attempt. Frozen
// layout.
type Req struct {
	Attempt uint32 // 1, 2, 3 …
	Arch    string
	Refused []Refusal // rungs the sender's own Init refused since its last REQ; never Arch
}

const tagRefusal = 1

// Frame encodes r: u32 attempt, arch name with its length, then a tail with one
// entry for each refusal.
func (r Req) Frame() Frame {
	b := appendShort(binary.BigEndian.AppendUint32(nil, r.Attempt), r.Arch)
	for _, f := range r.Refused {
		b = appendField(b, tagRefusal, f.value())
	}
	return Frame{TypeReq, b}
}

// DecodeReq decodes an ARCH_REQ payload and skips unknown tail entries.
func DecodeReq(p []byte) (Req, error) {
	c := cursor{b: p}
	r, what := Req{Attempt: c.u32(), Arch: c.short()}, ""
	for len(c.b) > 0 && what == "" {
		if tag, v := c.field(); tag == tagRefusal {
			r.Refused, what = appendRefusal(r.Refused, v)
		}
	}
	switch {
	case c.bad:
		what = "short"
	case what != "":
	case r.Attempt == 0 || !validArch(r.Arch):
		what = "without a proper attempt or arch"
	case lists(r.Refused, r.Arch):
		what = "names an arch and refuses it"
	}
	if what != "" {
		return Req{}, &FormatError{TypeReq, what}
	}
	return r, nil
}
