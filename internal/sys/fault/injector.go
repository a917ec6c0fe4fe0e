package fault

import (
	"sync/atomic"
	"syscall"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// inARow is how often EINTR, and readiness after EAGAIN, may repeat.
const inARow = 100

// Injector is owned by the goroutine of the event context that uses its Kernel
// and Poller, except Count and EmptyWaits, which are safe for concurrent use.
type Injector struct {
	kernel kernel // immutable
	poller poller // immutable

	counts [calls]atomic.Uint64
	empty  atomic.Uint64

	faults  []*Fault // in the order of Inject; owned by the loop
	watches map[int]*watch
	debts   []int // descriptors that are owed an event, oldest first
	cut     sys.Msg
	log     []Entry
	record  bool
}

// New returns an Injector around k and p that injects nothing and counts.
func New(k sys.Kernel, p sys.Poller) *Injector {
	in := &Injector{watches: map[int]*watch{}}
	in.kernel = kernel{in: in, real: k}
	in.poller = poller{in: in, real: p}
	return in
}

// Kernel is the Kernel that fails.
func (in *Injector) Kernel() sys.Kernel { return &in.kernel }

// Poller is the Poller that fails, and that keeps the promises of Kernel.
func (in *Injector) Poller() sys.Poller { return &in.poller }

// Count is how many times c was called, whether it was injected or not.
func (in *Injector) Count(c Call) uint64 { return in.counts[c].Load() }

// EmptyWaits is how many calls of Wait returned no event and no error.
func (in *Injector) EmptyWaits() uint64 { return in.empty.Load() }

// Inject puts p into force. Of several faults that could fire on a call the
// one injected first does. It panics on a plan that makes no sense: Random and
// Wake do not fail, and only a transfer can be short.
func (in *Injector) Inject(p Plan) *Fault {
	p.check()
	f := &Fault{plan: p, in: in}
	in.faults = append(in.faults, f)
	return f
}

// Fault is a Plan in force. It is owned by the goroutine of its Injector.
type Fault struct {
	plan    Plan
	in      *Injector
	seen    int // calls that match
	fired   int
	row     int    // of EINTR, or of readiness after EAGAIN
	silent  []hush // what has been kept from the caller since the row was full
	stopped bool
}

// hush is a direction of a descriptor that was not reported.
type hush struct {
	fd  int
	dir sys.Ready
}

// Fired is how many calls f has applied to. A transfer of one byte, which
// cannot be short, is one of them.
func (f *Fault) Fired() int { return f.fired }

// Stop ends f: the calls that follow are made. A Wait that sleeps has to be woken
// for what f kept from it.
func (f *Fault) Stop() {
	f.stopped = true
	for _, h := range f.silent {
		f.in.owe(h.fd, h.dir)
	}
	f.silent = nil
}

// String is the plan, see Plan.String.
func (f *Fault) String() string { return f.plan.String() }

// enter counts a call and returns the fault that fires on it, nil for none.
// fd is -1 for a call without a descriptor.
func (in *Injector) enter(c Call, fd int) *Fault {
	in.counts[c].Add(1)
	var first *Fault
	for _, f := range in.faults {
		if f.strikes(c, fd) && first == nil && in.possible(f, fd) {
			first = f
		}
	}
	if first != nil && !first.fire() {
		return nil
	}
	return first
}

// do makes a call, or fails it without making it.
func (in *Injector) do(c Call, fd int, call func() sys.Errno) sys.Errno {
	f := in.enter(c, fd)
	var e sys.Errno
	if f == nil {
		e = call()
	} else {
		e = f.plan.Errno
	}
	in.note(c, fd, 0, e, f)
	return e
}

// get is do for a call that returns a number; none is what it is on failure.
func (in *Injector) get(c Call, fd, none int, call func() (int, sys.Errno)) (int, sys.Errno) {
	f := in.enter(c, fd)
	n, e := none, sys.Errno(0)
	if f == nil {
		n, e = call()
	} else {
		e = f.plan.Errno
	}
	in.note(c, fd, n, e, f)
	return n, e
}

// strikes counts a call that matches and tells whether it is one to fail.
func (f *Fault) strikes(c Call, fd int) bool {
	if f.stopped || c != f.plan.Call || f.plan.FD > 0 && f.plan.FD != fd {
		return false
	}
	f.seen++
	return f.seen == f.plan.nth() || f.plan.Persistent && f.seen > f.plan.nth()
}

// possible is false for a short count of what is not a stream.
func (in *Injector) possible(f *Fault, fd int) bool {
	if f.plan.Short == Whole {
		return true
	}
	typ, e := in.kernel.real.Sockopt(fd, syscall.SOL_SOCKET, sys.SoType)
	return e == 0 && typ == syscall.SOCK_STREAM
}

// fire is false for the one EINTR that would be too many.
func (f *Fault) fire() bool {
	if f.plan.Errno == syscall.EINTR {
		if f.row == inARow {
			f.row = 0
			return false
		}
		f.row++
	}
	f.fired++
	return true
}
