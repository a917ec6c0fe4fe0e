package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/tsocket-go/tsocket/examples/quickstart/transfer"
	"github.com/tsocket-go/tsocket/tevent"
)

// runServer is the process that listens.
func runServer(s settings) error {
	h, err := newHalf("server", s.listen, s)
	if err != nil {
		return err
	}
	l, err := h.ep.Listen(h.addr)
	if err != nil {
		return err
	}
	fmt.Println("listening on", l.Addr())
	served, err := tevent.Wait(h.ev, transfer.Serve(h.ev, l))
	requests := h.ev.Completed()
	leaked := h.settle(false)
	switch {
	case err != nil:
		return err
	case leaked > 0:
		return fmt.Errorf("%d things leaked", leaked)
	case s.json:
		return json.NewEncoder(os.Stdout).Encode(report{Path: served.Plan.Path, Bytes: served.Bytes, Requests: requests})
	}
	fmt.Printf("served %d bytes over %s, %d requests completed, nothing leaked\n", served.Bytes, served.Plan.Path, requests)
	return nil
}
