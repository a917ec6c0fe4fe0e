package readv

import "github.com/tsocket-go/tsocket/tsocket"

// engine is what one stream keeps for its readers, so that they allocate nothing
// in steady state. It is owned by the stream's loop.
type engine struct {
	pdu  *pduOp  // spare, or at work
	read *readOp // spare, or at work
}

// engineOf is the stream's engine.
func engineOf(s *tsocket.Stream) *engine {
	slot := s.Engine()
	e, ok := (*slot).(*engine)
	if !ok {
		e = &engine{}
		*slot = e
	}
	return e
}
