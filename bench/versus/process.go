//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// server is a started program.
type server struct {
	cmd  *exec.Cmd
	addr string
}

var address = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// start runs p on a CPU until stop, and waits for the line with its address.
func (p program) start(mode string, cpu int) (*server, error) {
	args := append([]string{"-addr", "127.0.0.1:0", "-mode", mode}, p.args...)
	s := &server{cmd: exec.Command(p.path, args...)}
	s.cmd.Stderr = os.Stderr
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startOn(cpu, s.cmd); err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	if s.addr = address.FindString(line); s.addr == "" {
		s.stop()
		return nil, fmt.Errorf("%s printed no address but %q", p.name, line)
	}
	return s, nil
}

// stop asks, and then insists.
func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(5*time.Second, func() { s.cmd.Process.Kill() })
	s.cmd.Wait()
	kill.Stop()
}

// startOn starts cmd with the CPU as its only one. The child inherits it from
// the calling thread, which main has locked.
func startOn(cpu int, cmd *exec.Cmd) error {
	mask := make([]uint64, 16)
	mask[cpu/64] = 1 << (cpu % 64)
	size := uintptr(8 * len(mask))
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, size, uintptr(unsafe.Pointer(&mask[0])))
	if errno != 0 {
		return fmt.Errorf("CPU %d: %w", cpu, errno)
	}
	return cmd.Start()
}

// cpu is the process clock of all threads of s, in nanoseconds.
func (s *server) cpu() int64 {
	const sched = 2 // CPUCLOCK_SCHED: the scheduler's own count
	var ts syscall.Timespec
	clock := uintptr(^s.cmd.Process.Pid<<3 | sched)
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

// waited is how long threads of s were ready to run while others had the CPU,
// in nanoseconds. On a quiet machine it hardly grows.
func (s *server) waited() (sum int64) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.cmd.Process.Pid))
	for _, name := range files {
		var ran, waited int64
		if b, err := os.ReadFile(name); err == nil {
			fmt.Sscan(string(b), &ran, &waited)
		}
		sum += waited
	}
	return sum
}

// figures are what one run of the load generator showed.
type figures struct {
	Requests int64   `json:"requests"`
	Errors   int     `json:"errors"`
	PerSec   float64 `json:"req_per_s"`
	P99      float64 `json:"p99_us"`
	Busy     float64 `json:"load_busy"`
	CPU      float64 // nanoseconds of the server for each request
	Waited   float64 // of the server for its CPU, as a share of the time
}

// measure points the load generator at s for a while.
func (t *team) measure(s *server, set settings, sc scenario) (f figures, err error) {
	cmd := exec.Command(t.load, "-addr", s.addr, "-mode", sc.mode, "-duration", set.length.String(),
		"-size", strconv.Itoa(sc.size), "-conns", strconv.Itoa(sc.conns), "-depth", strconv.Itoa(sc.depth))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return f, err
	}
	cpu, waited, began := s.cpu(), s.waited(), time.Now()
	if err := startOn(set.loadCPU, cmd); err != nil {
		return f, err
	}
	kill := time.AfterFunc(set.length+15*time.Second, func() { cmd.Process.Kill() })
	defer kill.Stop()
	decoded := json.NewDecoder(out).Decode(&f)
	f.CPU = float64(s.cpu()-cpu) / float64(max(f.Requests, 1))
	f.Waited = float64(s.waited()-waited) / float64(time.Since(began))
	if err := cmd.Wait(); err != nil {
		return f, fmt.Errorf("load: %w (%d errors)", err, f.Errors)
	}
	return f, decoded
}
