package main

import (
	"fmt"
	"os"
	"strings"
)

// bar is a progress bar on standard error, if that is a terminal.
type bar struct {
	total int64
	on    bool
	shown int64 // percent
}

func newBar(total int64) bar {
	info, err := os.Stderr.Stat()
	return bar{total: total, on: err == nil && info.Mode()&os.ModeCharDevice != 0, shown: -1}
}

// show draws when another percent has come.
func (b *bar) show(left int64) {
	percent := (b.total - left) * 100 / b.total
	if !b.on || percent == b.shown {
		return
	}
	b.shown = percent
	fmt.Fprintf(os.Stderr, "\r[%-50s] %3d %%", strings.Repeat("=", int(percent/2)), percent)
	if left == 0 {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}
