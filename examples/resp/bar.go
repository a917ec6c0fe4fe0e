package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// bar is a progress bar; one without out draws nothing.
type bar struct {
	out         io.Writer
	name        string
	done, total int
	shown       int // percent
}

// newBar draws on standard error, if that is a terminal.
func newBar() *bar {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{out: os.Stderr}
}

// begin counts to total from now on.
func (b *bar) begin(name string, total int) {
	b.name, b.done, b.total, b.shown = name, 0, total, -1
}

// add draws when another percent has come.
func (b *bar) add(n int) {
	b.done += n
	percent := b.done * 100 / b.total
	if b.out == nil || percent == b.shown {
		return
	}
	b.shown = percent
	fmt.Fprintf(b.out, "\r%-6s [%-50s] %3d %%", b.name, strings.Repeat("=", percent/2), percent)
}

// clear takes the bar away, so that what is printed next has the line.
func (b *bar) clear() {
	if b.out != nil {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
