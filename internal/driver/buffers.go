package driver

import "math/bits"

const (
	// BufferSize is what one receive takes in beyond its reader's buffers.
	BufferSize = 64 << 10
	// OverLimit bounds the over-read bytes of one context; beyond it reads are exact.
	OverLimit = 16 << 20

	smallest = 9 // buffers of 512 bytes to 64 KiB are kept, in powers of two
	classes  = 16 - smallest + 1
	spare    = 64 // of each size
)

// Buffers is a context's stock of receive buffers. A connection has one only
// while bytes lie in it.
type Buffers struct {
	free  [classes][][]byte
	taken int // bytes of buffers that are with streams
}

// Take hands out a buffer of at least n bytes, with its full capacity.
func (p *Buffers) Take(n int) []byte {
	c := class(n)
	if c >= classes {
		p.taken += n
		return make([]byte, n)
	}
	b := p.pop(c)
	p.taken += cap(b)
	return b
}

// Front is a buffer of BufferSize to receive into: it is the same one until
// Claim takes it, so that it costs nothing when nothing comes.
func (p *Buffers) Front() []byte {
	top := &p.free[classes-1]
	if len(*top) == 0 {
		*top = append(*top, make([]byte, BufferSize))
	}
	return (*top)[len(*top)-1]
}

// Fronts is n buffers as Front is one; none of them is claimed.
func (p *Buffers) Fronts(n int) [][]byte {
	top := &p.free[classes-1]
	for len(*top) < n {
		*top = append(*top, make([]byte, BufferSize))
	}
	return (*top)[len(*top)-n:]
}

// Claim hands out the Front buffer, in which bytes have arrived.
func (p *Buffers) Claim() []byte {
	p.taken += BufferSize
	return p.pop(classes - 1)
}

// Give takes a buffer back.
func (p *Buffers) Give(b []byte) {
	p.taken -= cap(b)
	c := class(cap(b))
	if c < classes && cap(b) == 1<<(c+smallest) && len(p.free[c]) < spare {
		p.free[c] = append(p.free[c], b[:cap(b)])
	}
}

// Full reports whether over-reading has to stop.
func (p *Buffers) Full() bool { return p.taken >= OverLimit }

// Taken is how many bytes of buffers are with streams.
func (p *Buffers) Taken() int { return p.taken }

func (p *Buffers) pop(c int) []byte {
	l := &p.free[c]
	n := len(*l)
	if n == 0 {
		return make([]byte, 1<<(c+smallest))
	}
	b := (*l)[n-1]
	(*l)[n-1] = nil
	*l = (*l)[:n-1]
	return b
}

// class is the size class that holds n bytes.
func class(n int) int { return max(bits.Len(uint(max(n, 1)-1))-smallest, 0) }
