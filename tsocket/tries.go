package tsocket

// tries is what a stream has for handlers and for the calls that never wait; nil
// until they are used. It belongs to one context.
type tries struct {
	handlers
	s      *Stream
	look   readWatch
	need   int // bytes that the inbox has to have for a read to be worth a try, if above 1
	in     readTry
	out    outOp
	failed error    // how the last try to write ended
	again  patience // where the transport tells of no room
}

// try is the stream's.
func (s *Stream) try() *tries {
	if s.tries == nil {
		t := &tries{s: s}
		t.look.t, t.in.s, t.out.s = t, s, s
		t.handlers.init(s.ev)
		t.read.free, t.read.watch, t.read.rest = s.readFree, t.watchRead, t.restRead
		t.write.free, t.write.watch, t.write.rest = s.writeFree, t.watchWrite, s.restWrite
		if s.out.whole {
			t.watchPackets()
		}
		s.tries = t
	}
	return s.tries
}

// freed says that a direction has no request any more.
func (t *tries) freed() {
	if t != nil {
		t.soon()
	}
}

// end forgets the handlers, and takes back what is with the transport for them.
func (t *tries) end() {
	if t != nil {
		t.handlers.end()
		t.s.restRead()
	}
}
