//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package posix

import (
	"context"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"time"

	"github.com/tsocket-go/tsocket/internal/sys"
)

var _ sys.Host = (*Host)(nil)

// DefaultWorkers is the bound of a Host that names none.
const DefaultWorkers = 64

// pending is how many signals a watcher may be behind; more are dropped, as
// the system does with a signal that is pending already.
const pending = 64

// Host runs goroutines, and none while it has nothing to do. It is safe for
// concurrent use.
type Host struct {
	workers int // immutable

	mu      sync.Mutex
	running int      // guarded by mu; at most workers
	queue   []func() // guarded by mu; empty while running < workers
}

// NewHost returns a Host that runs at most workers functions of Go at the same
// time; 0 stands for DefaultWorkers.
func NewHost(workers int) *Host {
	if workers <= 0 {
		workers = DefaultWorkers
	}
	return &Host{workers: workers}
}

// Notify calls f, which must not block, for each of sigs; without any it does
// nothing. stop waits until a call of f that is under way has returned, so it
// may not be called by f itself. It may be called again.
func (h *Host) Notify(sigs []os.Signal, f func(os.Signal)) (stop func()) {
	if len(sigs) == 0 {
		return func() {} // to package signal, none means all
	}
	arrived := make(chan os.Signal, pending)
	stopping, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(arrived, sigs...)
	go func() {
		defer close(ended)
		deliver(arrived, stopping, f)
	}()
	var once sync.Once
	return func() {
		once.Do(func() {
			signal.Stop(arrived)
			close(stopping)
		})
		<-ended
	}
}

func deliver(arrived <-chan os.Signal, stopping <-chan struct{}, f func(os.Signal)) {
	for {
		select {
		case sig := <-arrived:
			f(sig)
		case <-stopping:
			return
		}
	}
}

// Go runs f on a goroutine of its own, once fewer than the bound are running;
// those who wait start in the order of their calls.
func (h *Host) Go(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.running == h.workers {
		h.queue = append(h.queue, f)
		return
	}
	h.running++
	go h.run(f)
}

// After calls f on a goroutine of its own.
func (h *Host) After(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// Lookup has package net ask, in one of the places of Go.
func (h *Host) Lookup(network, host string, f func([]netip.Addr, error)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	h.Go(func() {
		defer cancel()
		f(net.DefaultResolver.LookupNetIP(ctx, network, host))
	})
	return cancel
}

// Each runs n functions on goroutines of their own, whatever the bound of Go.
func (h *Host) Each(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

// run hands its place on even when f ends its goroutine.
func (h *Host) run(f func()) {
	defer h.next()
	f()
}

func (h *Host) next() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.queue) == 0 {
		h.running--
		return
	}
	f := h.queue[0]
	h.queue[0] = nil
	h.queue = h.queue[1:]
	go h.run(f)
}

// Yield lets other goroutines run.
func (h *Host) Yield() { runtime.Gosched() }
