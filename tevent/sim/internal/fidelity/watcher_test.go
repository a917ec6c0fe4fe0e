//go:build linux

package fidelity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// watcher is a poller whose events are told by the names of the descriptors.
type watcher struct {
	sys.Poller
	tokens map[int]uint64    // the last of each descriptor
	names  map[uint64]string // of all tokens
}

// standard is the poller that every run has, from the beginning.
const standard = "standard"

// watcher is the one that step s names after "on", or the standard one.
func (r *run) watcher(s *step) *watcher {
	name := standard
	if on := s.after("on"); len(on) > 0 {
		name = on[0]
	}
	w := r.pollers[name]
	if w == nil {
		panic(misuse("there is no poller " + name))
	}
	return w
}

// watch makes a poller.
func (r *run) watch(name string) *watcher {
	p, err := r.poller()
	if err != nil {
		panic(misuse(err.Error()))
	}
	w := &watcher{Poller: p, tokens: map[int]uint64{}, names: map[uint64]string{}}
	r.pollers[name] = w
	return w
}

var modes = map[string]int{"edge": int(sys.Edge), "level": int(sys.Level)}

// condition is one that events tell, with its name in scripts.
type condition struct {
	ready sys.Ready
	name  string
}

var conditions = []condition{
	{sys.In, "in"}, {sys.Out, "out"}, {sys.Urgent, "urgent"},
	{sys.PeerClose, "peerclose"}, {sys.Hangup, "hangup"}, {sys.Error, "error"},
}

// ready is what "in,out" stands for.
func ready(arg string) (set sys.Ready) {
	if arg == "nothing" {
		return 0
	}
	for w := range strings.SplitSeq(arg, ",") {
		i := slices.IndexFunc(conditions, func(c condition) bool { return c.name == w })
		if i < 0 {
			panic(misuse("what is " + w))
		}
		set |= conditions[i].ready
	}
	return set
}

func readyName(set sys.Ready) string {
	var list []string
	for _, c := range conditions {
		if set&c.ready != 0 {
			list = append(list, c.name)
		}
	}
	return strings.Join(list, ",")
}

// add registers a descriptor under a token of its own.
func add(r *run, s *step) string {
	w, fd := r.watcher(s), r.fd(s.arg(0))
	token := uint64(len(w.names) + 1)
	w.names[token] = s.arg(0)
	e := w.Add(fd, token, sys.Mode(s.word(1, modes)))
	if e == 0 {
		w.tokens[fd] = token
	}
	return answer(e)
}

func want(r *run, s *step) string {
	w, fd := r.watcher(s), r.fd(s.arg(0))
	return answer(w.Want(fd, w.tokens[fd], ready(s.arg(1))))
}

func del(r *run, s *step) string {
	w, fd := r.watcher(s), r.fd(s.arg(0))
	return answer(w.Del(fd, w.tokens[fd]))
}

// wait looks; the events are a set.
func wait(r *run, s *step) string {
	w := r.watcher(s)
	events := make([]sys.Event, 64)
	n, e := w.Wait(events, r.kernel.Now())
	if e != 0 {
		return errnoName(e)
	}
	var list []string
	for _, ev := range events[:n] {
		list = append(list, fmt.Sprintf("%s:%s", w.names[ev.Token], readyName(ev.Ready)))
	}
	slices.Sort(list)
	return "[" + strings.Join(list, " ") + "]"
}

func poller(r *run, s *step) string {
	r.watch(s.names[0])
	return "ok"
}

func closePoller(r *run, s *step) string {
	w := r.pollers[s.arg(0)]
	if w == nil {
		panic(misuse("there is no poller " + s.arg(0)))
	}
	w.Close()
	return "ok"
}
