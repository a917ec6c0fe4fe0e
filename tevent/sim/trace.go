package sim

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"net/netip"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/fault"
	"github.com/tsocket-go/tsocket/tevent"
)

// recorder makes the hash of what happens, and the log if somebody wants it.
type recorder struct {
	w     *World
	hash  uint64
	out   io.Writer // nil: nobody
	event Event
}

// Hash is a digest of everything that happened so far: every call with its
// arguments, result and time, and the order of everything that the event
// contexts did. Equal seeds, plans and programs have equal hashes.
func (w *World) Hash() uint64 { return w.rec.hash }

// SetLog has everything that happens from now on written to out, a line each;
// nil ends it. Errors of out are ignored.
func (w *World) SetLog(out io.Writer) { w.rec.out = out }

// multiplier is odd and has no pattern: the golden ratio.
const multiplier = 0x9e3779b97f4a7c15

func (r *recorder) mix(x uint64) { r.hash = bits.RotateLeft64((r.hash^x)*multiplier, 29) }

func (r *recorder) called(p *Proc, c fault.Call, fd int, arg uint64, n int, e sys.Errno) {
	r.mixCall(p, c, fd, arg, n, e)
	if r.idle() {
		return
	}
	r.tell(Event{Moment: Called, Proc: p, Call: c.String(), FD: fd, N: n, Errno: e})
}

// connects is a Connect, which tells where to.
func (r *recorder) connects(p *Proc, fd int, a *sys.Addr, e sys.Errno) {
	r.mixCall(p, fault.Connect, fd, address(a), 0, e)
	if r.idle() {
		return
	}
	r.tell(Event{Moment: Called, Proc: p, Call: fault.Connect.String(), FD: fd, Errno: e, Peer: a.Inet})
}

func (r *recorder) mixCall(p *Proc, c fault.Call, fd int, arg uint64, n int, e sys.Errno) {
	r.mix(uint64(r.w.net.Now()))
	r.mix(uint64(p.id)<<48 | uint64(c)<<40 | uint64(uint16(fd))<<16 | uint64(e))
	r.mix(arg + uint64(n)<<32)
}

// waited is a Wait that began at before.
func (r *recorder) waited(p *Proc, deadline, before int64, n int, e sys.Errno) {
	now := r.w.net.Now()
	r.mix(uint64(now))
	r.mix(uint64(p.id)<<48 | uint64(fault.Wait)<<40 | uint64(n)<<16 | uint64(e))
	r.mix(uint64(deadline))
	if r.idle() {
		return
	}
	r.tell(Event{Moment: Called, Proc: p, Call: fault.Wait.String(), FD: -1, N: n, Errno: e, Slept: time.Duration(now - before)})
}

func (r *recorder) packet(p *Proc, c fault.Call, fd int, pkt *sys.Packet, n int, e sys.Errno) {
	r.mix(uint64(r.w.net.Now()))
	r.mix(uint64(p.id)<<48 | uint64(c)<<40 | uint64(uint16(fd))<<16 | uint64(e))
	r.mix(first(&pkt.Msg, n) + uint64(n)<<32)
	r.mix(address(&pkt.Addr))
	if r.idle() {
		return
	}
	r.tell(Event{Moment: Called, Proc: p, Call: c.String(), FD: fd, N: n, Errno: e, Peer: pkt.Addr.Inet})
}

func (w *World) traced(p *Proc, t *tevent.TraceEvent) {
	r := &w.rec
	r.mix(uint64(t.At))
	r.mix(uint64(p.id)<<56 | uint64(t.Point)<<48 | uint64(t.Kind)<<40 | t.ID)
	r.mix(t.Parent<<32 | uint64(uint32(t.FD)))
	if !r.idle() {
		r.tell(Event{Moment: Traced, Proc: p, FD: -1, Trace: t})
	}
}

// exits is told when a process has done everything and closes nothing more.
func (w *World) exits(p *Proc) {
	w.rec.mix(uint64(p.id))
	if !w.rec.idle() {
		w.rec.tell(Event{Moment: Exits, Proc: p, FD: -1})
	}
}

// idle tells whether nobody wants to know.
func (r *recorder) idle() bool { return r.out == nil && len(r.w.oracles) == 0 }

func (r *recorder) tell(e Event) {
	r.event = e
	r.event.At = r.w.Elapsed()
	if r.out != nil {
		fmt.Fprintln(r.out, &r.event)
	}
	for _, o := range r.w.oracles {
		if err := o.Saw(&r.event); err != nil {
			r.w.Violate(err)
		}
	}
}

// note records what the world itself does.
func (r *recorder) note(format string, args ...any) { r.remark(fmt.Sprintf(format, args...), "") }

// remark records what was said, of which only what is the same in every run
// counts: words of a program may hold addresses, and a stack does.
func (r *recorder) remark(what, words string) {
	r.mix(text(what))
	if r.out != nil {
		fmt.Fprintln(r.out, r.w.Elapsed(), what+words)
	}
}

func text(s string) uint64 {
	h := uint64(len(s))
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * multiplier
	}
	return h
}

func address(a *sys.Addr) uint64 {
	if a == nil {
		return 0
	}
	h := uint64(a.Family) ^ text(a.Path)
	if a.Inet != (netip.AddrPort{}) {
		b := a.Inet.Addr().As16()
		h ^= binary.LittleEndian.Uint64(b[8:])*multiplier + uint64(a.Inet.Port())
	}
	return h
}

// sample is a digest of a part of b.
func sample(b []byte) uint64 {
	var head [8]byte
	copy(head[:], b)
	return binary.LittleEndian.Uint64(head[:])*multiplier + uint64(len(b))
}

// first is a digest of the beginning of what was moved.
func first(m *sys.Msg, n int) uint64 {
	for _, b := range m.Bufs {
		if len(b) > 0 {
			return sample(b[:max(min(n, len(b)), 0)])
		}
	}
	return 0
}
