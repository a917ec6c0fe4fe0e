package sim

import "fmt"

// Kind is what a fault does.
type Kind uint8

// Faults of calls, told by Call, Nth and On. They keep what a kernel promises
// along with a failure.
const (
	Fails       Kind = iota // the call fails with Errno
	Interrupted             // the call is interrupted: EINTR
	WouldBlock              // the call would have to wait: EAGAIN; readiness is reported again
	OneByte                 // a transfer moves one byte
	Half                    // a transfer moves half of its bytes
)

// Faults that last from the start until Calm.
const (
	Spurious  Kind = Half + 1 + iota // N of 1024 Waits report what is not ready
	Early                            // N of 1024 Waits that would sleep return at once with nothing
	Reversed                         // N of 1024 batches of events come in reverse
	Slow                             // before N of 1024 calls the process does not run for up to For
	Files                            // the process may open N descriptors
	Late                             // the process starts For later than it was told to
	Delay                            // packets take up to For
	Segments                         // TCP segments have at most N bytes
	Loss                             // N of 1024 packets between hosts are lost, and repeated
	Buffers                          // sockets have buffers of N bytes
	Doubled                          // N of 1024 datagrams arrive twice
	Overtaken                        // N of 1024 datagrams are held back, and others come before them
	Backlog                          // listeners hold N connections, and one
)

// Faults that happen once, at the Nth call of a process or, without Nth, At a
// time.
const (
	Parted  Kind = Backlog + 1 + iota // the host of the process is cut off from the others for For
	Reset                             // a TCP connection of the process is reset
	Killed                            // the process is killed
	Stopped                           // the process is stopped for For
	Leap                              // no process runs for For: all clocks have leapt then

	kinds = int(Leap) + 1
)

var kindNames = [kinds]string{
	"fails", "interrupted", "wouldblock", "onebyte", "half",
	"spurious", "early", "reversed", "slow", "files", "late", "delay", "segments", "loss", "buffers", "doubled", "overtaken",
	"backlog",
	"parted", "reset", "killed", "stopped", "leap",
}

// String is the word of the kind in a plan, such as "parted".
func (k Kind) String() string { return kindNames[k] }

// Kinds lists all there are.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

func parseKind(s string) (Kind, error) {
	for k, name := range kindNames {
		if name == s {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("%q is no kind of fault", s)
}

func (k Kind) ofCalls() bool { return k <= Half }

func (k Kind) once() bool { return k >= Parted }

// ofLinks tells whether it is about the network, not about one process.
func (k Kind) ofLinks() bool {
	return k >= Delay && k <= Backlog
}

// field is what a fault is told by, beside its kind.
type field uint8

const (
	fieldCall field = 1 << iota
	fieldErrno
	fieldFor
	fieldN
)

// needs are the fields without which the kind makes no sense.
var needs = [kinds]field{
	Fails: fieldCall | fieldErrno, Interrupted: fieldCall, WouldBlock: fieldCall, OneByte: fieldCall, Half: fieldCall,
	Spurious: fieldN, Early: fieldN, Reversed: fieldN, Slow: fieldN | fieldFor, Files: fieldN, Late: fieldFor,
	Delay: fieldFor, Segments: fieldN, Loss: fieldN, Buffers: fieldN, Doubled: fieldN, Overtaken: fieldN, Backlog: fieldN,
	Parted: fieldFor, Stopped: fieldFor, Leap: fieldFor,
}
