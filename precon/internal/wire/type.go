package wire

import "fmt"

// Type is the number of a frame's kind, the first four bytes on the wire. The
// top bit says that a receiver which does not know the type skips the frame.
type Type uint32

// The frame types. Numbers are for ever; those without a decoder are reserved
// and refused by [ParseHeader].
const (
	TypeVersion       Type = 0x54534b54 // "TSKT", so that the first four bytes tell a peer from a stranger
	TypeConInfo       Type = 0x02
	TypeConInfoDemand Type = 0x03 // reserved
	TypeBackConnect   Type = 0x04 // reserved
	TypeBackAck       Type = 0x05 // reserved
	TypeConnect       Type = 0x06 // reserved
	TypePending       Type = 0x07 // reserved
	TypeAccept        Type = 0x08 // reserved
	TypeReject        Type = 0x09 // reserved
	TypeReq           Type = 0x10
	TypeStep          Type = 0x11
	TypeOK            Type = 0x12
	TypeNext          Type = 0x13
	TypeEOF           Type = 0x14
	TypeFail          Type = 0x15
	TypeProbe         Type = 0x16 // reserved; never on the bootstrap
)

// ignorable is the bit that marks a type as one to skip.
const ignorable Type = 1 << 31

// names holds every assigned number, reserved ones included.
var names = map[Type]string{
	TypeVersion: "VERSION", TypeConInfo: "CON_INFO", TypeConInfoDemand: "CON_INFO_DEMAND",
	TypeBackConnect: "BACK_CONNECT", TypeBackAck: "BACK_ACK", TypeConnect: "CONNECT",
	TypePending: "PENDING", TypeAccept: "ACCEPT", TypeReject: "REJECT", TypeReq: "ARCH_REQ",
	TypeStep: "ARCH_STEP", TypeOK: "ARCH_OK", TypeNext: "ARCH_NEXT", TypeEOF: "EOF",
	TypeFail: "FAIL", TypeProbe: "PROBE",
}

// Ignorable reports whether a receiver that does not know t skips the frame.
func (t Type) Ignorable() bool { return t&ignorable != 0 }

// String returns the name of docs/wire.md, or the number of an unassigned type.
func (t Type) String() string {
	if s, ok := names[t]; ok {
		return s
	}
	return fmt.Sprintf("type %#08x", uint32(t))
}

// MaxPayload returns the longest payload in bytes that a frame of type t may
// have; ok is false for a type that is reserved or unknown and not ignorable.
func (t Type) MaxPayload() (n uint32, ok bool) {
	switch t {
	case TypeVersion:
		return MaxVersion, true
	case TypeConInfo:
		return MaxConInfo, true
	case TypeReq:
		return MaxReq, true
	case TypeStep:
		return MaxStep, true
	case TypeOK:
		return okLen, true
	case TypeNext:
		return nextHead + MaxText, true
	case TypeEOF:
		return eofLen, true
	case TypeFail:
		return MaxFail, true
	}
	return MaxIgnorable, t.Ignorable()
}
