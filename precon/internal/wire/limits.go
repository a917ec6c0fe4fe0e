package wire

// Limits of one frame, in bytes of payload.
const (
	MaxPayload   = 64 << 10 // any frame
	MaxHello     = 64       // any frame until the peer's VERSION was read
	MaxVersion   = MaxHello
	MaxConInfo   = 8 << 10
	MaxReq       = 4 << 10
	MaxStep      = 16 << 10
	MaxFail      = 4 << 10
	MaxIgnorable = 1 << 10
)

// Limits of one negotiation.
const (
	MaxFrames     = 64       // frames a side sends before EOF
	MaxIgnorables = 16       // of these, frames with the ignorable bit
	MaxOffers     = 16       // archs in one CON_INFO, hence rungs of a ladder
	MaxSteps      = 8        // STEPs a side sends in one attempt
	MaxAttempt    = 16 << 10 // bytes of REQ and STEP frames, headers included, a side sends in one attempt
)

// Limits of one field, in bytes.
const (
	MaxArch   = 32  // arch name
	MaxName   = 255 // endpoint name, address text
	MaxParams = 256 // parameters of one offer
	MaxText   = 128 // text beside a reason
)
