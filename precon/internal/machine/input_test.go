package machine

import (
	"errors"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// input is one row of the golden table: what a peer or the shell may do.
type input struct {
	name string
	give func(*Machine) []Action
}

// reserved are the types of later versions; ParseHeader refuses them, and so
// does the machine.
var reserved = []wire.Type{
	wire.TypeConInfoDemand, wire.TypeBackConnect, wire.TypeBackAck, wire.TypeConnect,
	wire.TypePending, wire.TypeAccept, wire.TypeReject, wire.TypeProbe,
}

// inputs lists every frame type, in number and out, and every event.
func inputs() []input {
	list := append(helloInputs(), attemptInputs()...)
	for _, typ := range reserved {
		list = append(list, input{typ.String(), func(m *Machine) []Action { return m.Frame(typ, nil) }})
	}
	list = append(list,
		input{"unknown type", func(m *Machine) []Action { return m.Frame(0x99, nil) }},
		input{"ignorable type", func(m *Machine) []Action { return m.Frame(1<<31, nil) }},
	)
	return append(list, eventInputs()...)
}

// framed makes an input of a frame that depends on the machine it is given to.
func framed(name string, frame func(*Machine) wire.Frame) input {
	return input{name, func(m *Machine) []Action {
		f := frame(m)
		return m.Frame(f.Type, f.Payload)
	}}
}

func helloInputs() []input {
	return []input{
		framed("VERSION", func(m *Machine) wire.Frame { return wire.Hello{Range: wire.Spoken, Role: m.mine.Role.Other()}.Frame() }),
		framed("VERSION, none common", func(m *Machine) wire.Frame {
			return wire.Hello{Range: wire.Range{Lo: 8, Hi: 9}, Role: m.mine.Role.Other()}.Frame()
		}),
		framed("VERSION, own role", func(m *Machine) wire.Frame { return wire.Hello{Range: wire.Spoken, Role: m.mine.Role}.Frame() }),
		framed("VERSION, short", func(*Machine) wire.Frame { return wire.Frame{Type: wire.TypeVersion} }),
		framed("CON_INFO", func(m *Machine) wire.Frame { return info(m.mine.Role.Other(), archs...).Frame() }),
		framed("CON_INFO, own id", func(m *Machine) wire.Frame {
			c := info(m.mine.Role.Other(), archs...)
			c.Endpoint = m.mine.Endpoint
			return c.Frame()
		}),
		framed("CON_INFO, own nonce", func(m *Machine) wire.Frame {
			c := info(m.mine.Role.Other(), archs...)
			c.Nonce = m.mine.Nonce
			return c.Frame()
		}),
	}
}

func attemptInputs() []input {
	return []input{
		framed("REQ n+1, first rung", func(m *Machine) wire.Frame { return wire.Req{Attempt: m.try.n + 1, Arch: firstRung(m)}.Frame() }),
		framed("REQ n+1, other rung", func(m *Machine) wire.Frame { return wire.Req{Attempt: m.try.n + 1, Arch: "four"}.Frame() }),
		framed("REQ n", func(m *Machine) wire.Frame { return wire.Req{Attempt: max(1, m.try.n), Arch: "two"}.Frame() }),
		framed("STEP n-1", func(m *Machine) wire.Frame { return wire.Step{Attempt: max(1, m.try.n-1)}.Frame() }),
		framed("STEP n", func(m *Machine) wire.Frame { return wire.Step{Attempt: max(1, m.try.n)}.Frame() }),
		framed("STEP n+1", func(m *Machine) wire.Frame { return wire.Step{Attempt: m.try.n + 1}.Frame() }),
		framed("OK n", func(m *Machine) wire.Frame { return goodOK(m, max(1, m.try.n)) }),
		framed("OK n, wrong confirmation", func(m *Machine) wire.Frame { return wire.OK{Attempt: max(1, m.try.n)}.Frame() }),
		framed("OK n+1", func(m *Machine) wire.Frame { return goodOK(m, m.try.n+1) }),
		framed("NEXT n", func(m *Machine) wire.Frame { return wire.Next{Attempt: max(1, m.try.n), Reason: wire.Failed}.Frame() }),
		framed("NEXT n, Order", func(m *Machine) wire.Frame { return wire.Next{Attempt: max(1, m.try.n), Reason: wire.Order}.Frame() }),
		framed("NEXT n+1", func(m *Machine) wire.Frame { return wire.Next{Attempt: m.try.n + 1, Reason: wire.Failed}.Frame() }),
		framed("EOF", goodEOF),
		framed("EOF, wrong confirmation", func(m *Machine) wire.Frame { return wire.EOF{Count: m.sent.n}.Frame() }),
		framed("FAIL", func(*Machine) wire.Frame { return wire.Fail{Reason: wire.Cancelled}.Frame() }),
		framed("FAIL, short", func(*Machine) wire.Frame { return wire.Frame{Type: wire.TypeFail} }),
	}
}

func eventInputs() []input {
	event := func(name string, e func(*Machine) Event) input {
		return input{name, func(m *Machine) []Action { return m.Event(e(m)) }}
	}
	return []input{
		event("header refused", func(*Machine) Event { return Malformed{errors.New("too long")} }),
		event("half done", func(m *Machine) Event { return HalfDone{Attempt: m.try.n} }),
		event("half failed", func(m *Machine) Event { return HalfFailed{Attempt: m.try.n} }),
		event("half released", func(m *Machine) Event { return HalfReleased{m.try.n} }),
		event("rung timer", func(*Machine) Event { return Expired{RungTimer} }),
		event("verdict timer", func(*Machine) Event { return Expired{VerdictTimer} }),
		event("linger timer", func(*Machine) Event { return Expired{LingerTimer} }),
		event("deadline", func(*Machine) Event { return Deadline{} }),
		event("abort", func(*Machine) Event { return Abort{Reason: wire.Cancelled} }),
		event("FIN", func(*Machine) Event { return FIN{} }),
		event("read error", func(*Machine) Event { return ReadError{errors.New("reset")} }),
		{"own STEP", func(m *Machine) []Action {
			acts, _ := m.SendStep(m.try.n, nil)
			return acts
		}},
	}
}

func firstRung(m *Machine) string {
	if left := m.untried(); len(left) > 0 {
		return left[0].Arch
	}
	return archs[0]
}

// goodOK returns the OK that a correct peer would send for attempt n.
func goodOK(m *Machine, n uint32) wire.Frame {
	sum := confirmation(m.try.key, m.mine.Role.Other(), n, m.recv.sum, m.sent.sum)
	return wire.OK{Attempt: n, Count: m.sent.n, Confirm: sum}.Frame()
}

// goodEOF returns the EOF that a correct peer would send.
func goodEOF(m *Machine) wire.Frame {
	sum := confirmation(m.try.key, m.mine.Role.Other(), m.try.n, m.recv.sum, m.sent.sum)
	return wire.EOF{Count: m.sent.n, Confirm: sum}.Frame()
}
