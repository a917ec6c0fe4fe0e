package tsocket

// filling is where a read puts its bytes: the caller's buffers, and how far they
// are filled.
type filling struct {
	s     *Stream
	bufs  [][]byte  // the caller's
	store [4][]byte // room for most bufs
	i, k  int       // the next byte goes to bufs[i][k]
	got   int       // bytes in bufs
	size  int       // of bufs together
}

// set begins with bufs, whose length together is n.
func (c *filling) set(bufs [][]byte, n int) {
	c.bufs = append(c.store[:0], bufs...)
	c.i, c.k, c.got, c.size = 0, 0, 0, n
}

// forget lets go of the caller's memory.
func (c *filling) forget() { clear(c.bufs) }

// buffers is what is left of the caller's, and behind it the pool's front
// buffer for what comes beyond.
func (c *filling) buffers() [][]byte {
	s := c.s
	s.read.bufs = append(s.read.bufs[:0], c.bufs[c.i][c.k:])
	s.read.bufs = append(s.read.bufs, c.bufs[c.i+1:]...)
	if over := s.overRead(); over > 0 && c.size-c.got < DefaultReadAhead {
		s.read.bufs = append(s.read.bufs, s.in.space(over))
	}
	return s.read.bufs
}

func (c *filling) arrived(n int) {
	own := min(n, c.size-c.got)
	c.advance(own)
	if n > own {
		c.s.in.arrived(n - own)
	}
}

// advance moves the place of the next byte by n.
func (c *filling) advance(n int) {
	c.got += n
	for n > 0 {
		left := len(c.bufs[c.i]) - c.k
		if n < left {
			c.k += n
			return
		}
		n -= left
		c.i, c.k = c.i+1, 0
	}
}

func (c *filling) feed() bool {
	in := &c.s.in
	for in.len() > 0 && c.got < c.size {
		n := copy(c.bufs[c.i][c.k:], in.bytes())
		in.consume(n)
		if n == 0 {
			c.i, c.k = c.i+1, 0
		} else {
			c.advance(n)
		}
	}
	return c.got == c.size
}
