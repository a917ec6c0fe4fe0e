package wire

// FormatError says why bytes are no frame of this protocol. It is the only
// error of this package's decoders.
type FormatError struct {
	Type Type   // as the header says
	What string // the rule that was broken
}

// Error returns type and broken rule.
func (e *FormatError) Error() string { return "wire: " + e.Type.String() + ": " + e.What }
