package wire

import "encoding/binary"

// stepHead is the length of STEP's payload before the data.
const stepHead = 4

// MaxStepData is the longest data of one STEP in bytes.
const MaxStepData = MaxStep - stepHead

// Step is the payload of ARCH_STEP: contact data of one arch's handshake.
type Step struct {
	Attempt uint32
	Data    []byte // opaque, may be empty
}

// Frame encodes s: u32 attempt, data to the end.
func (s Step) Frame() Frame {
	b := make([]byte, 0, stepHead+len(s.Data))
	return Frame{TypeStep, append(binary.BigEndian.AppendUint32(b, s.Attempt), s.Data...)}
}

// DecodeStep decodes an ARCH_STEP payload. Data aliases p.
func DecodeStep(p []byte) (Step, error) {
	c := cursor{b: p}
	s := Step{Attempt: c.u32(), Data: c.rest()}
	if c.bad || s.Attempt == 0 {
		return Step{}, &FormatError{TypeStep, "without a proper attempt"}
	}
	return s, nil
}
