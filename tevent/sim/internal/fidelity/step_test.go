//go:build linux

package fidelity

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// arg is the i-th argument.
func (s *step) arg(i int) string {
	if i >= len(s.args) {
		panic(misuse("too few arguments"))
	}
	return s.args[i]
}

// word is the i-th argument out of a table of constants, or a number.
func (s *step) word(i int, table map[string]int) int {
	w := s.arg(i)
	if n, ok := table[w]; ok {
		return n
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		panic(misuse("what is " + w))
	}
	return n
}

func (s *step) int(i int) int { return s.word(i, nil) }

// after is what follows the argument key, nil without it.
func (s *step) after(key string) []string {
	for i, a := range s.args {
		if a == key {
			return s.args[i+1:]
		}
	}
	return nil
}

// until are the arguments from the i-th on up to one of keys.
func (s *step) until(i int, keys ...string) []string {
	list := s.args[min(i, len(s.args)):]
	for n, a := range list {
		for _, key := range keys {
			if a == key {
				return list[:n]
			}
		}
	}
	return list
}

// data is what an argument stands for: "a text", a number of bytes, or u64:N,
// a number as an eventfd counts.
func data(arg string) []byte {
	if arg[0] == '"' {
		text, err := strconv.Unquote(arg)
		if err != nil {
			panic(misuse(arg))
		}
		return []byte(text)
	}
	if v, ok := strings.CutPrefix(arg, "u64:"); ok {
		n, err := strconv.ParseUint(v, 0, 64)
		if err != nil {
			panic(misuse(arg))
		}
		return binary.NativeEndian.AppendUint64(nil, n)
	}
	n, err := strconv.Atoi(arg)
	if err != nil {
		panic(misuse(arg))
	}
	return pattern(n)
}

// pattern is n bytes, each telling where it stands.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(i%23)
	}
	return b
}

// show is the text of bytes; long ones begin and end.
func show(b []byte) string {
	const ends = 24
	if len(b) <= 2*ends {
		return strconv.Quote(string(b))
	}
	return strconv.Quote(string(b[:ends])) + "…" + strconv.Quote(string(b[len(b)-ends:])) + "/" + strconv.Itoa(len(b))
}

// buffers hold what the arguments stand for, one each.
func buffers(args []string) (list [][]byte) {
	for _, a := range repeated(args) {
		list = append(list, data(a))
	}
	return list
}

// repeated has x five times for x*5.
func repeated(args []string) (list []string) {
	for _, a := range args {
		x, times, ok := strings.Cut(a, "*")
		n, err := strconv.Atoi(times)
		if !ok || err != nil {
			x, n = a, 1
		}
		list = append(list, slices.Repeat([]string{x}, n)...)
	}
	return list
}

// received are the first n bytes of bufs.
func received(bufs [][]byte, n int) (b []byte) {
	for _, buf := range bufs {
		m := min(n, len(buf))
		b = append(b, buf[:m]...)
		n -= m
	}
	return b
}
