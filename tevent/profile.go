package tevent

import (
	"fmt"
	"strings"
	"time"
)

// Profile is the course of one request and of those that were adopted under it.
// It is its owner's, also beyond the request, and owned by the loop until the
// request has got its outcome. Source: struct tevent_req_profile and its
// functions.
type Profile struct {
	Name    string     // given to Start
	Started time.Time  // the turn in which the request was started
	Stopped time.Time  // when it got its outcome; zero before
	Created string     // file:line where it was started or, where tracking is off, adopted or profiled
	Ended   string     // file:line where it got its outcome; of the library if the loop gave it
	State   State      // StateInProgress, then StateDone or StateFailed
	Err     error      // its failure
	Subs    []*Profile // of what was adopted, in that order
}

// SetProfile records the course of the request from now on, and of everything
// under it, and returns the record; a second call returns the same. It is nil
// for a request that has ended. A request that adopts for ever fills memory for
// ever. Source: tevent_req_set_profile, tevent_req_get_profile and
// tevent_req_move_profile, which the collector does.
func (r Req[T]) SetProfile() *Profile {
	if !r.live() {
		return nil
	}
	return r.op.profiled()
}

// profiled is the profile of this life, made now if there is none.
func (c *core) profiled() *Profile {
	sd := c.rare()
	if sd.profile != nil {
		return sd.profile
	}
	p := &Profile{Name: c.label(), Started: c.ev.start.Add(time.Duration(c.started)), State: StateInProgress}
	p.Created = sd.created.String()
	if p.Created == "" {
		p.Created = here().String()
	}
	sd.profile = p
	if c.state != StateInProgress {
		p.stop(c)
	}
	for k := sd.kids.head; k != nil; k = k.next {
		p.add(k)
	}
	return p
}

// add is told that c was adopted.
func (p *Profile) add(c *core) { p.Subs = append(p.Subs, c.profiled()) }

// stop is told that c has got its outcome.
func (p *Profile) stop(c *core) {
	p.Stopped, p.State, p.Ended = c.ev.Now(), c.state, here().String()
	if c.state == StateFailed {
		p.Err = c.side.err
	}
}

// Took is how long the request was in progress, 0 if it still is.
func (p *Profile) Took() time.Duration {
	if p.Stopped.IsZero() {
		return 0
	}
	return p.Stopped.Sub(p.Started)
}

// String is the tree, a line for each request.
func (p *Profile) String() string {
	var b strings.Builder
	p.write(&b, "")
	return b.String()
}

func (p *Profile) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s: %s", indent, p.Name, p.State)
	if p.Err != nil {
		fmt.Fprintf(b, " %q", fmt.Sprint(p.Err))
	}
	fmt.Fprintf(b, " after %s, from %s", p.Took(), p.Created)
	if p.Ended != "" {
		fmt.Fprintf(b, " to %s", p.Ended)
	}
	b.WriteByte('\n')
	for _, s := range p.Subs {
		s.write(b, indent+"  ")
	}
}
