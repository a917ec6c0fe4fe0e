package fault

import "github.com/tsocket-go/tsocket/internal/sys"

var _ sys.Poller = (*poller)(nil)

// poller is owned by the loop, except Wake.
type poller struct {
	in   *Injector
	real sys.Poller
}

func (p *poller) Add(fd int, token uint64, mode sys.Mode) sys.Errno {
	e := p.in.do(Add, fd, func() sys.Errno { return p.real.Add(fd, token, mode) })
	if e == 0 && mode == sys.Edge {
		p.in.watches[fd] = &watch{token: token}
	}
	return e
}

func (p *poller) Want(fd int, token uint64, dir sys.Ready) sys.Errno {
	e := p.in.do(Want, fd, func() sys.Errno { return p.real.Want(fd, token, dir) })
	if w := p.in.watches[fd]; w != nil && e == 0 && dir&sys.Out != 0 {
		w.out = true
	}
	return e
}

// Keeps is false, so that each Want is made and may fail.
func (p *poller) Keeps() bool { return false }

// Del always forgets.
func (p *poller) Del(fd int, token uint64) sys.Errno {
	f := p.in.enter(Del, fd)
	e := p.real.Del(fd, token)
	if w := p.in.watches[fd]; w != nil && w.token == token {
		p.in.forget(fd)
	}
	if f != nil {
		e = f.plan.Errno
	}
	p.in.note(Del, fd, 0, e, f)
	return e
}

// Wait that fails has not asked the real Poller, so that no event is lost.
func (p *poller) Wait(events []sys.Event, deadline int64) (int, sys.Errno) {
	f := p.in.enter(Wait, -1)
	if f != nil {
		p.in.note(Wait, -1, 0, f.plan.Errno, f)
		return 0, f.plan.Errno
	}
	if p.in.due() {
		deadline = 0 // only look
	}
	n, e := p.real.Wait(events, deadline)
	if e == 0 {
		n = p.in.pay(events, n)
	}
	if n == 0 && e == 0 {
		p.in.empty.Add(1)
	}
	p.in.note(Wait, -1, n, e, nil)
	return n, e
}

func (p *poller) Wake() {
	p.in.counts[Wake].Add(1)
	p.real.Wake()
}

func (p *poller) Close() { p.real.Close() }
