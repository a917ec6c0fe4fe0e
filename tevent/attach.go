package tevent

// Attach is Hold for what waits for its turn and then runs a function, such as
// an entry of a queue: the trace is told Attach, and Detach at Release. name is
// static text; tag is the owner's. It is for packages that make events of their
// own kind.
func (ev *Context) Attach(k Kind, name string, tag uint64) Holding {
	return ev.attach(k, name, tag, -1)
}

func (ev *Context) attach(k Kind, name string, tag uint64, fd int) Holding {
	h := ev.Hold(k, name)
	if ev.trace != nil {
		l := h.line
		l.id, l.tag, l.fd = ev.identify(), tag, fd
		ev.tell(Attach, l.subject(), nil)
	}
	return h
}

// detach tells the end of an event, unless its begin was not told.
func (ev *Context) detach(l *line) {
	if l.id != 0 {
		ev.tell(Detach, l.subject(), nil)
		l.id = 0
	}
}

func (l *line) subject() subject {
	return subject{kind: l.kind, name: l.name, id: l.id, tag: l.tag, fd: l.fd}
}

// Call runs f, the function of an event that Attach has entered and that may be
// released in there, and tells who looks on: name and tag are as for Attach.
func (h Holding) Call(name string, tag uint64, f func()) {
	if h.ev == nil || !h.ev.observed {
		f()
		return
	}
	h.call(name, tag, -1, f)
}

// call is Call where somebody looks on.
func (h Holding) call(name string, tag uint64, fd int, f func()) {
	s := subject{kind: h.kind, name: name, tag: tag, fd: fd}
	if h.line != nil {
		s.id, s.created = h.line.id, h.ev.placed(&h.line.created)
	}
	h.ev.observe(s, f)
}

// SetTag changes the tag of what Attach has entered.
func (h *Holding) SetTag(tag uint64) {
	if h.line != nil {
		h.line.tag = tag
	}
}
