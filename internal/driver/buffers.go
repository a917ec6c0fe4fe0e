package driver

const (
	// BufferSize is what one receive takes in beyond its reader's buffers.
	BufferSize = 64 << 10
	// OverLimit bounds the over-read bytes of one context; beyond it reads are exact.
	OverLimit = 16 << 20
	// spare is how many unused buffers are kept.
	spare = 8
)

// Buffers is a context's stock of receive buffers of BufferSize. A connection
// holds one only while bytes lie in it.
type Buffers struct {
	free [][]byte
	lent int // taken and not yet given back
	over int // bytes of capacity that streams hold
}

// Take hands out a buffer.
func (p *Buffers) Take() []byte {
	p.lent++
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free = p.free[:n-1]
		return b
	}
	return make([]byte, BufferSize)
}

// Give takes a buffer of Take back.
func (p *Buffers) Give(b []byte) {
	p.lent--
	if len(p.free) < spare {
		p.free = append(p.free, b[:BufferSize])
	}
}

// Lent is the number of buffers taken and not given back.
func (p *Buffers) Lent() int { return p.lent }

// Hold counts n bytes of buffer memory as held by a stream, or given up if n
// is negative.
func (p *Buffers) Hold(n int) { p.over += n }

// Full reports whether over-reading has to stop.
func (p *Buffers) Full() bool { return p.over >= OverLimit }
