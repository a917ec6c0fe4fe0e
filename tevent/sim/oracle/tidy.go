package oracle

import (
	"errors"
	"fmt"

	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Tidy judges the end of processes that come to it by themselves: their books
// are empty, and no descriptor is open. It is for programs that close what
// they opened.
type Tidy struct{}

// Saw implements sim.Oracle.
func (*Tidy) Saw(e *sim.Event) error {
	if e.Moment != sim.Exits {
		return nil
	}
	var left []error
	for item := range e.Proc.Context().Items() {
		left = append(left, fmt.Errorf("left at the end: %v", item))
	}
	if n := e.Proc.Context().Driver().Buffers.Taken(); n != 0 {
		left = append(left, fmt.Errorf("left at the end: %d bytes of receive buffers", n))
	}
	for _, name := range e.Proc.Open() {
		left = append(left, fmt.Errorf("left open at the end: %s", name))
	}
	return errors.Join(left...)
}
