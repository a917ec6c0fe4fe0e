package tsocket

import "github.com/tsocket-go/tsocket/tevent"

// Limits bound the send queue of a stream.
type Limits struct {
	Entries int // messages; 0 stands for 1024
	Bytes   int // 0 stands for 1 MiB
}

// SetSendLimits bounds the send queue. Its low-water mark is half of the limits.
func (s *Stream) SetSendLimits(l Limits) { s.out.limits = l }

func (l Limits) entries() int { return orDefault(l.Entries, 1024) }
func (l Limits) bytes() int   { return orDefault(l.Bytes, 1<<20) }

func orDefault(n, d int) int {
	if n <= 0 {
		return d
	}
	return n
}

// Room reports whether the send queue takes a message of n bytes. An empty
// queue takes a message of any length.
func (s *Stream) Room(n int) bool {
	entries, bytes := s.out.load()
	return entries == 0 || entries < s.out.limits.entries() && bytes+n <= s.out.limits.bytes()
}

// load is what counts against the limits: all but a Writev, which can only be
// at the head.
func (x *outbox) load() (entries, bytes int) {
	if o := x.head; o != nil && o.kind == outWritev {
		return x.entries - 1, x.bytes - (o.size - o.sent)
	}
	return x.entries, x.bytes
}

// Queued is how many messages and bytes wait to be sent, as of the last flush.
// It is safe from any goroutine.
func (s *Stream) Queued() (messages, bytes int) {
	return int(s.out.seen.entries.Load()), int(s.out.seen.bytes.Load())
}

// drainedOp waits for the low-water mark.
type drainedOp struct {
	tevent.Op[tevent.None]
}

// Drained completes when the send queue is at or below its low-water mark; it
// is how a writer that found no Room waits. It fails with the write direction.
func (s *Stream) Drained() tevent.Req[tevent.None] {
	err := s.usable()
	if err == nil {
		err = s.werr
	}
	if err != nil {
		return tevent.Failed[tevent.None](s.context(), "drained", s.wrap("drained", err))
	}
	o := &drainedOp{}
	o.Start(s.ev, "drained")
	o.SetCancel(o.Fail)
	o.Defer()
	s.out.drained = append(s.out.drained, o)
	s.checkDrained()
	return o.Req()
}

// checkDrained completes who waits for the low-water mark.
func (s *Stream) checkDrained() {
	if len(s.out.drained) > 0 {
		s.tellDrained()
	}
}

func (s *Stream) tellDrained() {
	x := &s.out
	if s.werr != nil {
		s.endDrained(s.werr)
		return
	}
	if entries, bytes := x.load(); entries <= x.limits.entries()/2 && bytes <= x.limits.bytes()/2 {
		s.endDrained(nil)
	}
}

func (s *Stream) endDrained(err error) {
	waiting := s.out.drained
	s.out.drained = nil
	for _, o := range waiting {
		if o.InProgress() && !o.Fail(s.wrap("drained", err)) {
			o.Done(tevent.None{})
		}
	}
}
