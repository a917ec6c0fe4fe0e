package oracle

import (
	"fmt"
	"syscall"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim"
)

// Spin judges loops: none looks again and again without doing anything.
type Spin struct {
	// Most is how many Waits in a row may neither sleep nor lead to anything;
	// 0 stands for 1000. A Wait that is interrupted does not count.
	Most int

	row map[*sim.Proc]int
}

// Saw implements sim.Oracle.
func (s *Spin) Saw(e *sim.Event) error {
	if s.row == nil {
		s.row = map[*sim.Proc]int{}
	}
	if progress(e) {
		s.row[e.Proc] = 0
		return nil
	}
	if e.Moment != sim.Called || e.Call != "Wait" {
		return nil
	}
	s.row[e.Proc]++
	most := s.Most
	if most == 0 {
		most = 1000
	}
	if s.row[e.Proc] > most {
		return fmt.Errorf("the loop of %v spins: it looked %d times in a row without doing anything", e.Proc, most)
	}
	return nil
}

// progress tells whether something was done, or a sleep was slept.
func progress(e *sim.Event) bool {
	switch e.Moment {
	case sim.Called:
		switch e.Call {
		case "Wait":
			return e.Slept > 0 || e.Errno == syscall.EINTR
		case "Want", "Sockopt", "Peername", "Wake":
			return false
		}
		return e.Errno == 0
	case sim.Traced:
		return e.Trace.Point == tevent.BeforeHandler || e.Trace.Point == tevent.Finished
	}
	return true
}
