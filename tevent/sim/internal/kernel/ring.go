package kernel

// ring is bytes, first in first out. It grows as it must.
type ring struct {
	buf   []byte // its length is a power of two
	start int
	n     int
}

// put takes in n bytes of m from the byte skip on.
func (r *ring) put(m *message, skip, n int) {
	if r.n+n > len(r.buf) {
		r.grow(r.n + n)
	}
	end := (r.start + r.n) & (len(r.buf) - 1)
	first := min(n, len(r.buf)-end)
	m.gather(r.buf[end:end+first], skip)
	if first < n {
		m.gather(r.buf[:n-first], skip+first)
	}
	r.n += n
}

// get hands out n bytes into m.
func (r *ring) get(m *message, n int) {
	if n == 0 {
		return
	}
	first := min(n, len(r.buf)-r.start)
	m.scatter(r.buf[r.start:r.start+first], 0)
	if first < n {
		m.scatter(r.buf[:n-first], first)
	}
	r.start = (r.start + n) & (len(r.buf) - 1)
	if r.n -= n; r.n == 0 {
		r.start = 0
	}
}

func (r *ring) grow(n int) {
	size := max(1024, len(r.buf))
	for size < n {
		size *= 2
	}
	buf := make([]byte, size)
	k := copy(buf, r.buf[r.start:min(r.start+r.n, len(r.buf))])
	copy(buf[k:], r.buf[:r.n-k])
	r.buf, r.start = buf, 0
}
