package main

import (
	"fmt"
	"os"
	"strings"
)

// bar is a progress bar on standard error, if that is a terminal. It is written
// what it is to count.
type bar struct {
	total, seen int64
	on          bool
	shown       int64 // percent
}

func newBar(total int64) *bar {
	info, err := os.Stderr.Stat()
	return &bar{total: total, on: err == nil && info.Mode()&os.ModeCharDevice != 0, shown: -1}
}

// Write draws when another percent has come.
func (b *bar) Write(p []byte) (int, error) {
	b.seen += int64(len(p))
	percent := b.seen * 100 / b.total
	if !b.on || percent == b.shown {
		return len(p), nil
	}
	b.shown = percent
	fmt.Fprintf(os.Stderr, "\r[%-50s] %3d %%", strings.Repeat("=", int(percent/2)), percent)
	if b.seen == b.total {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	return len(p), nil
}
