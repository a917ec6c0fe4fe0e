package sim

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys/fault"
)

// Fault is one thing that goes wrong. The documentation of its Kind says which
// fields that is told by, beside Proc; the others are zero.
type Fault struct {
	Kind  Kind
	Proc  string        // name of the processes it happens to; "" is all; the network's have none
	Call  string        // faults of calls: which, such as "Recvmsg"
	Nth   int           // counted from 1 for each process: of those calls, 0 is the first; or of all calls for what happens once
	On    bool          // faults of calls: that one and every later one
	Errno syscall.Errno // Fails: with what
	At    time.Duration // what happens once, without Nth: when, since the start of the world
	For   time.Duration // how long
	N     int           // how strong
}

// String is a line of a plan's text: the kind, then what the fault is told by.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.Kind.String())
	field := func(name string, wanted bool, v any) {
		if wanted {
			fmt.Fprintf(&b, " %s=%v", name, v)
		}
	}
	field("proc", f.Proc != "", f.Proc)
	field("call", f.Call != "", f.Call)
	field("nth", f.Nth != 0, f.Nth)
	if f.On {
		b.WriteString(" on")
	}
	field("errno", f.Errno != 0, fault.ErrnoName(f.Errno))
	field("at", f.At != 0, f.At)
	field("for", f.For != 0, f.For)
	field("n", f.N != 0 || needs[f.Kind]&fieldN != 0, f.N)
	return b.String()
}

// parseFault is the reverse of String.
func parseFault(line string) (Fault, error) {
	words := strings.Fields(line)
	kind, err := parseKind(words[0])
	f := Fault{Kind: kind}
	for _, word := range words[1:] {
		if err == nil {
			err = f.set(word)
		}
	}
	if err == nil {
		err = f.check()
	}
	return f, err
}

func (f *Fault) set(word string) error {
	name, value, told := strings.Cut(word, "=")
	if told == (name == "on") {
		return fmt.Errorf("%q is nothing that a fault is told by", word)
	}
	if err := f.setField(name, value); err != nil {
		return fmt.Errorf("%s: %w", word, err)
	}
	return nil
}

func (f *Fault) setField(name, value string) (err error) {
	switch name {
	case "proc":
		f.Proc = value
	case "call":
		f.Call = value
	case "on":
		f.On = true
	case "nth":
		f.Nth, err = strconv.Atoi(value)
	case "n":
		f.N, err = strconv.Atoi(value)
	case "at":
		f.At, err = time.ParseDuration(value)
	case "for":
		f.For, err = time.ParseDuration(value)
	case "errno":
		if f.Errno = fault.ErrnoNamed(value); f.Errno == 0 {
			err = fmt.Errorf("%q is no errno", value)
		}
	default:
		err = errors.New("nothing that a fault is told by")
	}
	return err
}

// check is why f can never happen.
func (f Fault) check() error {
	need := needs[f.Kind]
	switch {
	case need&fieldCall != 0 && !canFail(f.Call):
		return fmt.Errorf("%v: %q is no call that can fail", f, f.Call)
	case (f.Kind == OneByte || f.Kind == Half) && f.Call != "Recvmsg" && f.Call != "Sendmsg":
		return fmt.Errorf("%v: only Recvmsg and Sendmsg move a part", f)
	case need&fieldErrno != 0 && f.Errno == 0:
		return fmt.Errorf("%v: needs an errno", f)
	case need&fieldFor != 0 && f.For <= 0:
		return fmt.Errorf("%v: needs a time for which it lasts", f)
	case need&fieldN != 0 && f.N < 0, f.Nth < 0, f.At < 0:
		return fmt.Errorf("%v: a number is negative", f)
	case need&fieldN != 0 && f.N == 0 && f.Kind != Files && f.Kind != Backlog:
		return fmt.Errorf("%v: needs a number n", f)
	}
	if stray := f.stray(); stray != "" {
		return fmt.Errorf("%v: %q means nothing to it", f, stray)
	}
	return nil
}

// stray is a field that is set although the kind does not look at it; "" if
// there is none.
func (f Fault) stray() string {
	k, need := f.Kind, needs[f.Kind]
	switch {
	case f.Proc != "" && k.ofLinks():
		return "proc"
	case f.Call != "" && !k.ofCalls():
		return "call"
	case f.On && !k.ofCalls():
		return "on"
	case f.Nth != 0 && !k.ofCalls() && !k.once():
		return "nth"
	case f.At != 0 && (!k.once() || f.Nth != 0):
		return "at"
	case f.Errno != 0 && need&fieldErrno == 0:
		return "errno"
	case f.For != 0 && need&fieldFor == 0:
		return "for"
	case f.N != 0 && need&fieldN == 0:
		return "n"
	}
	return ""
}

func canFail(call string) bool {
	c, ok := fault.Named(call)
	return ok && c.Fails()
}

// plan is f for the injector of a process.
func (f Fault) plan() fault.Plan {
	c, _ := fault.Named(f.Call)
	p := fault.Plan{Call: c, Nth: f.Nth, Persistent: f.On}
	switch f.Kind {
	case Fails:
		p.Errno = f.Errno
	case Interrupted:
		p.Errno = syscall.EINTR
	case WouldBlock:
		p.Errno = syscall.EAGAIN
	case OneByte:
		p.Short = fault.OneByte
	case Half:
		p.Short = fault.Half
	}
	return p
}
