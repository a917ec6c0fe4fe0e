package wire

import "encoding/binary"

// Fail is the payload of FAIL: the sender ended the negotiation. Frozen layout,
// because it must be understood by a peer that shares no version.
type Fail struct {
	Reason Reason
	Text   string    // at most [MaxText] bytes, any bytes: quote it before printing
	Tried  []Refusal // every arch that was tried or refused, in that order
}

// Tags of FAIL's tail.
const (
	tagText  = 1
	tagTried = 2
)

// Frame encodes f: u16 reason, then a tail with the text (only if not empty) and
// one entry for each arch tried.
func (f Fail) Frame() Frame {
	b := binary.BigEndian.AppendUint16(nil, uint16(f.Reason))
	if f.Text != "" {
		b = appendField(b, tagText, []byte(f.Text))
	}
	for _, r := range f.Tried {
		b = appendField(b, tagTried, r.value())
	}
	return Frame{TypeFail, b}
}

// DecodeFail decodes a FAIL payload and skips unknown tail entries.
func DecodeFail(p []byte) (Fail, error) {
	c := cursor{b: p}
	f, what := Fail{Reason: Reason(c.u16())}, ""
	for len(c.b) > 0 && what == "" {
		what = f.field(&c)
	}
	if c.bad || f.Reason == 0 {
		what = "without a proper reason"
	}
	if what != "" {
		return Fail{}, &FormatError{TypeFail, what}
	}
	return f, nil
}

// field takes the next tail entry into f and names the rule it breaks.
func (f *Fail) field(c *cursor) (what string) {
	switch tag, v := c.field(); tag {
	case tagText:
		if f.Text != "" || len(v) == 0 || len(v) > MaxText {
			return "empty, long or second text"
		}
		f.Text = string(v)
	case tagTried:
		f.Tried, what = appendRefusal(f.Tried, v)
	}
	return what
}
