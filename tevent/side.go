package tevent

import "io"

// side holds what few requests need. A context keeps spare ones.
type side struct {
	cleanup  func(State)
	release  any // func(T) of SetRelease
	err      error
	deadline Timer
	kids     list // requests adopted by this one; those waited for at the tail
	waiting  int  // children whose end the finish waits for, and holds on it
	owned    []io.Closer
	created  place
	finished place
	request  *core  // whose deadline this is
	id       uint64 // of this life in the trace; 0 if it is not told
	depth    int    // of the step that started it
	tag      uint64
	print    func() string
	profile  *Profile
	expired  func()
}

// rare is the side record, made when it is first needed.
func (c *core) rare() *side {
	if c.side == nil {
		c.side = c.ev.newSide()
		c.side.request = c
	}
	return c.side
}

func (ev *Context) newSide() *side {
	if n := len(ev.sides); n > 0 {
		sd := ev.sides[n-1]
		ev.sides = ev.sides[:n-1]
		return sd
	}
	sd := &side{}
	sd.expired = func() { sd.request.expire(ErrDeadline) }
	return sd
}

// spareSides bounds what a burst leaves behind.
const spareSides = 4096

func (ev *Context) recycle(sd *side) {
	owned := sd.owned[:0]
	*sd = side{expired: sd.expired, owned: owned, deadline: sd.deadline}
	if len(ev.sides) < spareSides {
		ev.sides = append(ev.sides, sd)
	}
}

// closeOwned closes what the request owns, the youngest first.
func (sd *side) closeOwned() {
	for n := len(sd.owned); n > 0; n = len(sd.owned) {
		c := sd.owned[n-1]
		sd.owned[n-1] = nil
		sd.owned = sd.owned[:n-1]
		c.Close()
	}
}
