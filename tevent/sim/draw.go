package sim

import (
	"math/rand/v2"
	"syscall"
	"time"
)

// Draw returns a plan of the seed for processes of those names, of which the
// first may start late; without names it is for all there are. It draws first
// which kinds of faults there are and how strong, so that each seed is another
// kind of bad day: if everything happened always, only the beginning of a
// program would ever be reached.
func Draw(seed uint64, procs ...string) Plan {
	d := &drawing{rand: rand.New(rand.NewPCG(seed, 0x6472617773)), procs: procs}
	for _, k := range Kinds() {
		switch {
		case k.ofCalls():
			d.times(k, 3, d.call)
		case k.once():
			d.times(k, 1, d.event)
		default:
			d.times(k, 1, d.condition)
		}
	}
	return d.plan
}

type drawing struct {
	rand  *rand.Rand
	procs []string
	plan  Plan
}

// often is how many of 64 plans have a kind at all.
var often = [kinds]int{
	Fails: 10, Interrupted: 12, WouldBlock: 12, OneByte: 12, Half: 12,
	Spurious: 12, Early: 12, Reversed: 60, Slow: 10, Files: 12, Late: 12,
	Delay: 14, Segments: 16, Loss: 16, Buffers: 18, Doubled: 14, Overtaken: 14, Backlog: 40,
	Parted: 10, Reset: 12, Killed: 8, Stopped: 10, Leap: 8,
}

// times draws up to n faults of a kind.
func (d *drawing) times(k Kind, n int, draw func(Kind) Fault) {
	if d.rand.IntN(64) >= often[k] {
		return
	}
	for range 1 + d.rand.IntN(n) {
		d.plan = append(d.plan, draw(k))
	}
}

// proc is one of the processes, or all.
func (d *drawing) proc() string {
	if i := d.rand.IntN(len(d.procs) + 1); i < len(d.procs) {
		return d.procs[i]
	}
	return ""
}

// first is the process that others may wait for, or all.
func (d *drawing) first() string {
	if len(d.procs) == 0 {
		return ""
	}
	return d.procs[0]
}

// soon is a small number now and then, and rarely a large one.
func (d *drawing) soon(bits int) int { return 1 + d.rand.IntN(1<<(1+d.rand.IntN(bits))) }

// time is between 10 µs and about a minute, every magnitude as likely.
func (d *drawing) time() time.Duration {
	return time.Duration(10_000+d.rand.IntN(10_000)) * time.Nanosecond << d.rand.IntN(23)
}

func (d *drawing) call(k Kind) Fault {
	f := Fault{Kind: k, Proc: d.proc(), Nth: d.soon(5), On: d.rand.IntN(4) == 0}
	switch k {
	case OneByte, Half, WouldBlock:
		f.Call = [...]string{"Recvmsg", "Sendmsg"}[d.rand.IntN(2)]
		f.On = d.rand.IntN(2) == 0
	case Interrupted:
		f.Call = pick(d, interruptible)
		f.On = f.On && f.Call != "Wait" // who never sleeps uses up the calls that a run has
	case Fails:
		c := pick(d, errnos)
		f.Call, f.Errno = c.call, pick(d, c.errnos)
		f.Nth, f.On = d.soon(3), d.rand.IntN(8) == 0
	}
	return f
}

func pick[T any](d *drawing, from []T) T { return from[d.rand.IntN(len(from))] }

func (d *drawing) event(k Kind) Fault {
	return Fault{Kind: k, Proc: d.proc(), Nth: d.soon(8), For: d.forIf(k)}
}

func (d *drawing) condition(k Kind) Fault {
	f := Fault{Kind: k, For: d.forIf(k)}
	if !k.ofLinks() {
		f.Proc = d.proc()
	}
	switch k {
	case Files:
		f.N = d.rand.IntN(4)
	case Backlog:
		f.N = d.rand.IntN(8) / 7
	case Reversed:
		f.N = 1024
	case Segments:
		f.N = d.soon(9)
	case Buffers:
		f.N = 64 << d.rand.IntN(8)
	case Late:
		f.Proc = d.first()
	case Loss:
		f.N = 4 << d.rand.IntN(7)
	default:
		if needs[k]&fieldN != 0 {
			f.N = 16 << d.rand.IntN(6)
		}
	}
	return f
}

func (d *drawing) forIf(k Kind) time.Duration {
	if needs[k]&fieldFor == 0 {
		return 0
	}
	return d.time()
}

// failing is a call with what it fails with in earnest: what only a wrong
// argument can cause is left out.
type failing struct {
	call   string
	errnos []syscall.Errno
}

var errnos = []failing{
	{"Socket", []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EACCES}},
	{"Bind", []syscall.Errno{syscall.EADDRINUSE, syscall.EADDRNOTAVAIL, syscall.EACCES, syscall.ENOMEM}},
	{"Listen", []syscall.Errno{syscall.EADDRINUSE}},
	{"Connect", []syscall.Errno{syscall.ECONNREFUSED, syscall.ETIMEDOUT, syscall.ENETUNREACH, syscall.EHOSTUNREACH,
		syscall.EADDRNOTAVAIL, syscall.EACCES, syscall.EPERM, syscall.EINPROGRESS, syscall.EINTR}},
	{"Accept", []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED,
		syscall.EPROTO, syscall.EPERM, syscall.EHOSTUNREACH, syscall.EAGAIN}},
	{"Recvmsg", []syscall.Errno{syscall.ECONNRESET, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENOMEM}},
	{"Sendmsg", []syscall.Errno{syscall.EPIPE, syscall.ECONNRESET, syscall.ENOBUFS, syscall.ENOMEM, syscall.ETIMEDOUT,
		syscall.EHOSTUNREACH}},
	{"Shutdown", []syscall.Errno{syscall.ENOTCONN}},
	{"Close", []syscall.Errno{syscall.EIO, syscall.EINTR, syscall.ENOSPC}},
	{"Sockname", []syscall.Errno{syscall.ENOBUFS}},
	{"Peername", []syscall.Errno{syscall.ENOBUFS, syscall.ENOTCONN}},
	{"Sockopt", []syscall.Errno{syscall.ENOPROTOOPT}},
	{"SetSockopt", []syscall.Errno{syscall.ENOPROTOOPT, syscall.ENOMEM}},
	{"Unlink", []syscall.Errno{syscall.EACCES, syscall.ENOENT, syscall.EPERM, syscall.EROFS}},
	{"Add", []syscall.Errno{syscall.ENOMEM, syscall.ENOSPC}},
	{"Want", []syscall.Errno{syscall.ENOMEM}},
	{"Del", []syscall.Errno{syscall.ENOMEM}},
}

var interruptible = []string{"Socket", "Bind", "Listen", "Connect", "Accept", "Recvmsg", "Sendmsg", "Shutdown", "Close",
	"Sockname", "Peername", "Sockopt", "SetSockopt", "Unlink", "Wait", "Recvmsg", "Sendmsg", "Wait", "Accept"}
