package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"

	"github.com/tsocket-go/tsocket/examples/quickstart/transfer"
	"github.com/tsocket-go/tsocket/tevent"
)

// pings is how many round trips are measured.
const pings = 1000

// runClient is the process that dials.
func runClient(s settings) error {
	if err := regular(s.file); err != nil {
		return err
	}
	f, err := os.Open(s.file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h, err := newHalf("client", s.dial, s)
	if err != nil {
		return err
	}
	rep := report{Bytes: info.Size()}
	err = h.transfer(f, &rep)
	rep.Requests = h.ev.Completed()
	rep.Leaked = h.settle(s.leak)
	if err != nil {
		return err
	}
	if err := rep.print(os.Stdout, s.json); err != nil {
		return err
	}
	return rep.verdict()
}

// transfer sends the file there and back, and notes how it went.
func (h *half) transfer(f io.Reader, rep *report) error {
	sent, received := sha256.New(), sha256.New()
	res, err := tevent.Wait(h.ev, transfer.Dial(h.ev, h.ep, h.addr, transfer.Job{
		Pings: pings,
		From:  io.TeeReader(f, sent),
		Size:  rep.Bytes,
		To:    io.MultiWriter(received, newBar(rep.Bytes)),
	}))
	if err != nil {
		return err
	}
	rep.Plan, rep.Path = res.Plan, res.Plan.Path
	rep.P50, rep.P99 = res.RTTs.Micros(50), res.RTTs.Micros(99)
	rep.Sent = hex.EncodeToString(sent.Sum(nil))
	rep.Received = hex.EncodeToString(received.Sum(nil))
	rep.Speed = float64(rep.Bytes) / res.Took.Seconds() / 1e6
	return nil
}
