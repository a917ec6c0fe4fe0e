package wire

import (
	"encoding/binary"
	"slices"
)

// Refusal is one arch that was not taken and why.
type Refusal struct {
	Arch   string
	Reason Reason
	Text   string // at most [MaxText] bytes, any bytes: quote it before printing
}

// value encodes r: name with its length, u16 reason, text to the end.
func (r Refusal) value() []byte {
	b := binary.BigEndian.AppendUint16(appendShort(nil, r.Arch), uint16(r.Reason))
	return append(b, r.Text...)
}

// appendRefusal decodes p onto list and names the rule it breaks. An arch twice
// would leave open which reason counts.
func appendRefusal(list []Refusal, p []byte) ([]Refusal, string) {
	c := cursor{b: p}
	r := Refusal{Arch: c.short(), Reason: Reason(c.u16()), Text: string(c.rest())}
	switch {
	case c.bad:
		return list, "short refusal"
	case !validArch(r.Arch) || r.Reason == 0 || len(r.Text) > MaxText:
		return list, "refusal without a proper arch, reason or text"
	case len(list) == MaxOffers:
		return list, "too many refusals"
	case lists(list, r.Arch):
		return list, "arch refused twice"
	}
	return append(list, r), ""
}

func lists(list []Refusal, arch string) bool {
	return slices.ContainsFunc(list, func(r Refusal) bool { return r.Arch == arch })
}
