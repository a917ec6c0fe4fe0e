package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/tsocket-go/tsocket/arch/self"
	"github.com/tsocket-go/tsocket/arch/tcp"
	"github.com/tsocket-go/tsocket/precon"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// half is what both processes have: a loop, an endpoint, an address.
type half struct {
	ev   *tevent.Context
	ep   *precon.Endpoint
	addr tsocket.Address
}

func newHalf(name, addr string, s settings) (*half, error) {
	a, err := tsocket.ParseAddress(addr)
	if err != nil {
		return nil, err
	}
	ev, err := tevent.New()
	if err != nil {
		return nil, err
	}
	ev.SetTracking(s.leak)
	ep := precon.NewEndpoint(ev, precon.Config{
		Name:    name,
		Archs:   []precon.Arch{self.Arch{}, tcp.Arch{}},
		Timeout: s.timeout,
	})
	return &half{ev, ep, a}, nil
}

// lingering is how long a peer gets to read why it was refused, and a little.
const lingering = 1500 * time.Millisecond

// settle lets what was closed come to its end, and counts what is left then.
func (h *half) settle(leak bool) int {
	if leak {
		tevent.NewTimer(h.ev, func() {}).Reset(time.Hour)
		h.ev.Hold(tevent.KindFD, "leaked on purpose")
	}
	ctx, cancel := context.WithTimeout(context.Background(), lingering)
	defer cancel()
	h.ev.Run(ctx)
	n := 0
	for item := range h.ev.Items() {
		fmt.Fprintln(os.Stderr, "quickstart: leaked", item)
		n++
	}
	h.ev.Close()
	return n
}
