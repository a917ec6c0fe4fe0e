package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/tsocket-go/tsocket/precon"
)

// report is how a run went, as it is printed with -json.
type report struct {
	Path     string      `json:"path"`
	Plan     precon.Plan `json:"plan"`
	Bytes    int64       `json:"bytes"`
	Sent     string      `json:"sha256_sent"`
	Received string      `json:"sha256_received"`
	Speed    float64     `json:"mb_per_s"` // of the file, there and back; 10⁶ bytes
	P50      float64     `json:"rtt_p50_us"`
	P99      float64     `json:"rtt_p99_us"`
	Requests uint64      `json:"requests"`
	Leaked   int         `json:"leaked"`
}

// verdict is why a run is no success.
func (r *report) verdict() error {
	switch {
	case r.Sent != r.Received:
		return fmt.Errorf("the file came back changed: sent %s, received %s", r.Sent, r.Received)
	case r.Leaked > 0:
		return fmt.Errorf("%d things leaked", r.Leaked)
	}
	return nil
}

// print writes the report for people, or as one line of JSON.
func (r *report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	fmt.Fprintf(w, "path      %s, negotiated with %q in %v\n", r.Path, r.Plan.Peer, r.Plan.Took.Round(time.Microsecond))
	fmt.Fprint(w, r.Plan)
	fmt.Fprintf(w, "file      %d bytes there and back at %.0f MB/s\n", r.Bytes, r.Speed)
	fmt.Fprintf(w, "sha256    %s sent\n          %s received\n", r.Sent, r.Received)
	fmt.Fprintf(w, "rtt       p50 %.1f µs, p99 %.1f µs\n", r.P50, r.P99)
	_, err := fmt.Fprintf(w, "requests  %d completed, %d leaked\n", r.Requests, r.Leaked)
	return err
}
