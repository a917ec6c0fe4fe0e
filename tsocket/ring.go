package tsocket

// ring is the bytes under way in one direction, at most limit of them.
type ring struct {
	buf  []byte
	r, n int // n bytes from r on, around the end
}

// write copies in what fits: at most max bytes of bufs, at most limit in all.
func (q *ring) write(bufs [][]byte, max, limit int) int {
	done := 0
	max = min(max, limit-q.n)
	for _, b := range bufs {
		b = b[:min(len(b), max-done)]
		q.grow(q.n+len(b), limit)
		for len(b) > 0 {
			w := (q.r + q.n) % len(q.buf)
			end := len(q.buf)
			if w < q.r {
				end = q.r
			}
			k := copy(q.buf[w:end], b)
			b, q.n, done = b[k:], q.n+k, done+k
		}
	}
	return done
}

// read copies out at most max bytes.
func (q *ring) read(bufs [][]byte, max int) int {
	done := 0
	max = min(max, q.n)
	for _, b := range bufs {
		b = b[:min(len(b), max-done)]
		for len(b) > 0 {
			k := copy(b, q.buf[q.r:min(q.r+q.n, len(q.buf))])
			b, q.n, done = b[k:], q.n-k, done+k
			q.r = (q.r + k) % len(q.buf)
		}
	}
	if q.n == 0 {
		q.r = 0
	}
	return done
}

// grow makes room for n bytes, doubling.
func (q *ring) grow(n, limit int) {
	if n <= len(q.buf) {
		return
	}
	size := max(len(q.buf), 512)
	for size < n {
		size *= 2
	}
	buf := make([]byte, min(size, max(limit, n)))
	k := q.n
	q.read([][]byte{buf}, k)
	q.buf, q.r, q.n = buf, 0, k
}
