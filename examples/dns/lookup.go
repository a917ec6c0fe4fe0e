package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/tsocket-go/tsocket/tevent"
)

// lookups asks for many names, some at a time, and prints in the order of the
// names as soon as it can. It completes with how many had no answer.
type lookups struct {
	tevent.Op[int]
	r       *resolver
	s       settings
	p       printer
	all     []lookup
	asked   int
	live    int
	printed int
	failed  int
}

// lookup is one name.
type lookup struct {
	l    *lookups
	name string
	a    answer
	err  error
	done bool
}

func lookUp(ev *tevent.Context, names []string, s settings, p printer) tevent.Req[int] {
	l := &lookups{s: s, p: p, all: make([]lookup, len(names))}
	l.Start(ev, "lookups")
	for i, name := range names {
		l.all[i] = lookup{l: l, name: name}
	}
	var err error
	if l.r, err = newResolver(ev, s.server, s.timeout); l.Fail(err) {
		return l.Req()
	}
	l.r.Req().Then(l, nil)
	l.ask()
	return l.Req()
}

// ask has as many in flight as there may be. A name that cannot be asked for has
// its outcome at once.
func (l *lookups) ask() {
	for l.live < l.s.parallel && l.asked < len(l.all) {
		x := &l.all[l.asked]
		l.asked++
		q, err := newQuestion(x.name, types[l.s.kind])
		if err != nil {
			x.done, x.err = true, err
			continue
		}
		l.live++
		l.r.Ask(q).Handle(l, x.answered)
	}
	l.print()
}

func (x *lookup) answered(a answer, err error) {
	x.done, x.a, x.err = true, a, err
	x.l.live--
	x.l.ask()
}

func (l *lookups) print() {
	for l.printed < len(l.all) && l.all[l.printed].done {
		x := &l.all[l.printed]
		l.printed++
		if x.err != nil {
			l.failed++
		}
		if l.Fail(l.p.print(x, l.s.kind)) {
			return
		}
		x.a.lines = nil
	}
	if l.printed == len(l.all) {
		l.Done(l.failed)
	}
}

// printer is where answers and failures go.
type printer struct {
	out, errs io.Writer
	json      bool
}

// object is a name as JSON.
type object struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Answers []string `json:"answers"`
	TCP     bool     `json:"tcp,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func (p printer) print(x *lookup, kind string) error {
	if x.err != nil {
		fmt.Fprintf(p.errs, "dns: %s: %v\n", escape(x.name, ""), x.err)
	}
	if p.json {
		o := object{Name: x.name, Type: kind, Answers: append([]string{}, x.a.lines...), TCP: x.a.tcp}
		if x.err != nil {
			o.Error = x.err.Error()
		}
		return json.NewEncoder(p.out).Encode(o)
	}
	for _, line := range x.a.lines {
		if _, err := fmt.Fprintln(p.out, line); err != nil {
			return err
		}
	}
	return nil
}
