//go:build linux

package fidelity

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// noDescriptor are two numbers that are none, by name.
var noDescriptor = map[string]int{"minus": -1, "huge": 1 << 20}

// run is a script under way on one machine.
type run struct {
	machine
	fds     map[string]int      // every name so far, closed ones too
	own     map[int]bool        // the open descriptors of this run
	pollers map[string]*watcher // by name
	maps    map[string][]byte   // by name
	addrs   map[string]sys.Addr // what the named sockets were bound to, last
	filled  map[string]int      // bytes that fill has put in, by the sender
	ports   map[uint16]string   // names by number
	autos   map[string]string   // names of the names that the kernel chose
}

func newRun(m machine) *run {
	return &run{
		machine: m,
		fds:     map[string]int{}, own: map[int]bool{},
		pollers: map[string]*watcher{}, maps: map[string][]byte{},
		addrs: map[string]sys.Addr{}, filled: map[string]int{},
		ports: map[uint16]string{}, autos: map[string]string{},
	}
}

// play runs steps on a new machine and returns the answer to each.
func play(t testing.TB, k kind, steps []step) (answers []string) {
	t.Helper()
	r := newRun(k(t))
	defer r.end(t)
	r.watch(standard)
	for i := range steps {
		answers = append(answers, r.take(&steps[i]))
		r.rest()
	}
	return answers
}

// rest returns when the network has come to rest.
func (r *run) rest() { r.settle(slices.Sorted(maps.Keys(r.own))) }

// misuse is what is wrong with a step.
type misuse string

// notMade begins the answer to a step that could not be made.
const notMade = "not made: "

// take makes the call of s. A step that cannot be made, as when an earlier one
// has failed to make what it names, is answered with the reason.
func (r *run) take(s *step) (answer string) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case misuse:
			answer = notMade + string(p)
		default:
			panic(p)
		}
	}()
	return verbs[s.verb](r, s)
}

// end closes what is open. A connection is reset, so that none is left in
// TIME_WAIT, where thousands of runs would use up the ports of the real kernel.
func (r *run) end(t testing.TB) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(r.maps)) {
		r.kernel.Unmap(r.maps[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.pollers)) {
		r.pollers[name].Close()
	}
	for _, fd := range slices.Sorted(maps.Keys(r.own)) {
		r.kernel.SetSockopt(fd, unix.SOL_SOCKET, unix.SO_LINGER, 0)
		r.kernel.Close(fd)
	}
	r.settle(nil)
	if left := r.left(); left != "" {
		t.Fatalf("%s: left open: %s", r.name, left)
	}
}

// fd is the descriptor called name.
func (r *run) fd(name string) int {
	if fd, ok := noDescriptor[name]; ok {
		return fd
	}
	fd, ok := r.fds[name]
	if !ok {
		panic(misuse("there is no " + name))
	}
	return fd
}

// made names new descriptors. Those without a name are closed at the end too.
func (r *run) made(names []string, fds ...int) {
	for i, fd := range fds {
		r.own[fd] = true
		if i < len(names) {
			r.fds[names[i]] = fd
			delete(r.addrs, names[i])
		}
	}
}

// must ends the step when a call that is not its point fails.
func must(e sys.Errno) {
	if e != 0 {
		panic(misuse(errnoName(e)))
	}
}

// answer is what a call says that gives nothing but an errno.
func answer(e sys.Errno) string {
	if e == 0 {
		return "ok"
	}
	return errnoName(e)
}

// number is what a call says that gives a number.
func number(n int, e sys.Errno) string {
	if e != 0 {
		return errnoName(e)
	}
	return fmt.Sprint(n)
}

func errnoName(e sys.Errno) string {
	if name := unix.ErrnoName(e); name != "" {
		return name
	}
	return fmt.Sprintf("errno %d", int(e))
}

// words of an answer; empty ones are left out.
func join(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
