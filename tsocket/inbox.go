package tsocket

import (
	"github.com/tsocket-go/tsocket/internal/driver"
	"github.com/tsocket-go/tsocket/tevent"
)

// inbox holds the bytes that were taken from the transport and belong to no
// reader yet. It has a buffer only while there are some.
type inbox struct {
	pool   *driver.Buffers
	buf    []byte // the bytes are buf[r:w]
	r, w   int
	behind bool             // the bytes in transfer go behind w, not into the pool's front buffer
	lent   bool             // to a Peek, until Consume or the next read
	book   tevent.Holding   // of the loan
	shrink tevent.Immediate // moves left-overs to a right-sized buffer
}

func (in *inbox) len() int { return in.w - in.r }

func (in *inbox) bytes() []byte { return in.buf[in.r:in.w:in.w] }

// unlend ends the loan.
func (in *inbox) unlend() {
	in.lent = false
	in.book.Release()
}

// consume takes n bytes off the front.
func (in *inbox) consume(n int) {
	in.r += n
	if in.r == in.w {
		in.drop()
	}
}

// drop gives the buffer back, with what is in it.
func (in *inbox) drop() {
	if in.buf != nil {
		in.pool.Give(in.buf)
	}
	in.buf, in.r, in.w = nil, 0, 0
	in.unlend()
}

// space is where bytes arrive behind the present ones, at most up to limit
// together. It costs nothing unless arrived follows: they go to the pool's
// front buffer, behind a copy of what is here; only what fills half of that
// grows in a buffer of its own, doubling.
func (in *inbox) space(limit int) []byte {
	n := in.len()
	in.behind = n > driver.BufferSize/2
	if in.behind {
		in.room()
		return in.buf[in.w : in.r+min(cap(in.buf)-in.r, limit)]
	}
	front := in.pool.Front()
	copy(front, in.bytes())
	return front[n:min(limit, len(front))]
}

// room makes space behind w, by moving the bytes to the front or to a buffer of
// twice the size.
func (in *inbox) room() {
	if in.w < cap(in.buf) {
		return
	}
	n, b := in.len(), in.buf
	if in.r < cap(b)/2 {
		b = in.pool.Take(2 * cap(b))
	}
	copy(b, in.bytes())
	if &b[0] != &in.buf[0] {
		in.pool.Give(in.buf)
	}
	in.buf, in.r, in.w = b[:cap(b)], 0, n
}

// arrived says that n bytes came to space.
func (in *inbox) arrived(n int) {
	if in.behind {
		in.w += n
		return
	}
	in.claim(in.len() + n)
}

// claim makes the pool's front buffer, which begins with n bytes, the inbox.
func (in *inbox) claim(n int) {
	b := in.pool.Claim()
	if in.buf != nil {
		in.pool.Give(in.buf)
	}
	in.buf, in.r, in.w = b, 0, n
}

// tidy lets fit look at the end of the turn at what is left over.
func (in *inbox) tidy() {
	if in.len() > 0 && !in.shrink.Scheduled() {
		in.shrink.ScheduleFlush()
	}
}

// fit moves what is left in a full-size buffer at the end of the turn to one of
// its size.
func (in *inbox) fit() {
	n := in.len()
	if n == 0 || in.lent || n > cap(in.buf)/2 {
		return
	}
	b := in.pool.Take(n)
	if cap(b) == cap(in.buf) { // the smallest there is
		in.pool.Give(b)
		return
	}
	copy(b, in.bytes())
	in.pool.Give(in.buf)
	in.buf, in.r, in.w = b, 0, n
}

// cede hands over the bytes in a buffer of about their size, which the taker gives
// back to the pool; nil if there are none.
func (in *inbox) cede() (buf []byte, r, w int) {
	in.unlend()
	in.fit()
	buf, r, w = in.buf, in.r, in.w
	in.buf, in.r, in.w = nil, 0, 0
	return buf, r, w
}

// putBack puts bytes that a cancelled read had taken in front of the others.
func (in *inbox) putBack(n int, bytes func(yield func([]byte))) {
	b := in.pool.Take(n + in.len())
	w := 0
	bytes(func(p []byte) { w += copy(b[w:n], p) })
	copy(b[n:], in.bytes())
	n += in.len()
	in.drop()
	in.buf, in.w = b, n
}
