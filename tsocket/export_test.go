package tsocket

import "fmt"

// Bits are the steps of a stream with layers as the connection keeps them: each
// step at data, ctrl and sock.
func Bits(s *Stream) string {
	out := ""
	for _, step := range [...]ShutStep{ShutRead, ShutWrite, ShutClose} {
		out += fmt.Sprintf("%v", step)
		for i := range s.conn.levels {
			out += fmt.Sprintf(" %v", s.conn.levels[i].ends[step].progress)
		}
		out += "  "
	}
	return out[:len(out)-2]
}

// The two-bit code, for its table.

// Progress is how far a step has come.
type Progress = progress

// Moves are what may become of a step.
var Moves = map[string]func(*Progress){
	"want": (*progress).want, "drop": (*progress).drop, "start": (*progress).start,
	"complete": (*progress).complete, "free": (*progress).free,
}

// Predicates of the code.
func Predicates(p Progress) (desired, started, pending bool) {
	return p.isDesired(), p.isStarted(), p.isPending()
}
