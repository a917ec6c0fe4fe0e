//go:build linux

package fidelity

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
)

// The ports that are tried for a run lie below those that the system chooses.
const firstPort, ports = 10000, 20000

// real is the system that the test runs on, on one of its CPUs: see settle.
type real struct {
	probe int    // a UDP socket connected to itself
	dir   string // of the files
	runs  int

	descriptors int    // that are open between runs
	port        uint16 // the last that was given to a run
}

// newReal binds the calling goroutine to its thread, and that to one CPU; the
// thread ends with the test.
func newReal(t testing.TB) kind {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(stay(t))
	dir, err := os.MkdirTemp("", "fidelity")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	r := &real{dir: dir, probe: newProbe(t), port: firstPort + uint16(os.Getpid()%ports)}
	t.Cleanup(func() { _ = unix.Close(r.probe) })
	p, err := linux.NewPoller(linux.NewKernel()) // the runtime opens its own for the first
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	r.descriptors = len(descriptors(t))
	return r.machine
}

// stay keeps the thread on one of its CPUs until the function it returns is called.
func stay(t testing.TB) (leave func()) {
	t.Helper()
	var all, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	for cpu := 0; one.Count() == 0; cpu++ {
		if all.IsSet(cpu) {
			one.Set(cpu)
		}
	}
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = unix.SchedSetaffinity(0, &all)
		runtime.UnlockOSThread()
	}
}

func newProbe(t testing.TB) int {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	self, err := unix.Getsockname(fd)
	if err == nil {
		err = unix.Connect(fd, self)
	}
	if err == nil {
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 10})
	}
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

// machine is the system with names of this run's own.
func (r *real) machine(t testing.TB) machine {
	r.runs++
	dir := fmt.Sprintf("%s/%d", r.dir, r.runs)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	k := linux.NewKernel()
	return machine{
		name:   "real",
		kernel: k,
		poller: func() (sys.Poller, error) { return linux.NewPoller(k) },
		settle: func(open []int) { r.settle(t, open) },
		pause:  pause,
		left:   func() string { return r.held(t) },
		free:   r.unused(t),
		cred:   sys.Cred{PID: os.Getpid(), UID: uint32(os.Getuid()), GID: uint32(os.Getgid())},
		dir:    dir,
		prefix: fmt.Sprintf("@%s/%d/", r.dir, r.runs),
	}
}

func descriptors(t testing.TB) map[int]string {
	t.Helper()
	open, err := linux.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	return open
}

// held is what is open when it differs in number from what was at first.
func (r *real) held(t testing.TB) string {
	if open := descriptors(t); len(open) != r.descriptors {
		return fmt.Sprint(open)
	}
	return ""
}

// unused is a port that no socket has, TCP or UDP, in either family.
func (r *real) unused(t testing.TB) uint16 {
	for range ports {
		if r.port++; r.port >= firstPort+ports {
			r.port = firstPort
		}
		if vacant(unix.SOCK_STREAM, r.port) && vacant(unix.SOCK_DGRAM, r.port) {
			return r.port
		}
	}
	t.Fatal("all ports are taken")
	return 0
}

func vacant(typ int, port uint16) bool {
	fd, err := unix.Socket(unix.AF_INET6, typ|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return unix.Bind(fd, &unix.SockaddrInet6{Port: int(port)}) == nil
}
