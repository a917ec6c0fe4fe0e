package tsocket

type Stream struct{}

func (s *Stream) Read() {}

func Connect() {}

const Limit = 1

var Zero, one int

type Pair[T any] struct{}

func (p *Pair[T]) First() {}

type (
	// Dgram is documented.
	Dgram    struct{}
	Listener struct{}
)

// Modes of a stream.
const (
	Edge = iota
	Level
)

const (
	In  = 1 // readable
	Out = 2
)

// Close is documented.
func Close() {}

type hidden struct{}

func (h hidden) Exported() {}
