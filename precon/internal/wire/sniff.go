package wire

// Opening is what a bootstrap connection starts with.
type Opening uint8

// The answers of [Sniff].
const (
	Stranger Opening = iota // close without an answer
	TLS
	Frames
)

// Sniff decides by a connection's first byte what follows, so that one port
// serves both: 0x16 opens a TLS record of a handshake, 'T' the magic of
// VERSION. ParseHeader checks the other three bytes of the magic.
func Sniff(first byte) Opening {
	switch first {
	case 0x16:
		return TLS
	case byte(TypeVersion >> 24):
		return Frames
	}
	return Stranger
}
