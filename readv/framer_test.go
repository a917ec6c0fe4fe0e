package readv_test

import (
	"math"
	"strings"
	"syscall"
	"testing"

	"github.com/tsocket-go/tsocket/readv"
)

// P3: n is what Need answers.
func TestFramersFindTheEnd(t *testing.T) {
	for _, c := range []struct {
		name string
		f    readv.Framer
		have string
		n    int
	}{
		{"fixed", readv.Fixed(7), "", 7},
		{"1 byte", readv.Length{Width: 1}, "\xff", 256},
		{"2 bytes", readv.Length{Width: 2}, "\x01\x02", 2 + 0x102},
		{"2 bytes, little", readv.Length{Width: 2, Little: true}, "\x01\x02", 2 + 0x201},
		{"3 bytes", readv.Length{Width: 3}, "\x01\x02\x03", 3 + 0x10203},
		{"3 bytes, little", readv.Length{Width: 3, Little: true}, "\x01\x02\x03", 3 + 0x30201},
		{"4 bytes", readv.Length{Width: 4}, "\x00\x02\x03\x04", 4 + 0x20304},
		{"4 bytes, little", readv.Length{Width: 4, Little: true}, "\x04\x03\x02\x00", 4 + 0x20304},
		{"8 bytes", readv.Length{Width: 8}, "\x00\x00\x00\x00\x00\x02\x03\x04", 8 + 0x20304},
		{"8 bytes, little", readv.Length{Width: 8, Little: true}, "\x04\x03\x02\x00\x00\x00\x00\x00", 8 + 0x20304},
		{"field not there", readv.Length{Width: 4}, "\x00\x00\x00", 4},
		{"field at an offset, not there", readv.Length{Width: 2, Offset: 3}, "", 5},
		{"field at an offset", readv.Length{Width: 2, Offset: 3}, "abc\x00\x07more", 5 + 7},
		{"the field counts the whole", readv.Length{Width: 2, Offset: 2, Adjust: -4}, "ab\x00\x09", 9},
		{"a trailer beyond the field's count", readv.Length{Width: 1, Adjust: 4}, "\x02", 1 + 2 + 4},
		{"empty", readv.Length{Width: 4}, "\x00\x00\x00\x00", 4},
		{"whole, header only", readv.Length{Width: 4, Adjust: -4}, "\x00\x00\x00\x04", 4},
		{"exactly the maximum", readv.Length{Width: 1, Max: 10}, "\x09", 10},
		{"default maximum", readv.Length{Width: 4}, "\x00\xff\xff\xfc", 16 << 20},
		{"a maximum of the header", readv.Length{Width: 1, Max: 1}, "\x00", 1},
		{"varint, nothing there", readv.Varint{}, "", 1},
		{"varint, begun", readv.Varint{}, "\x80\x80", 3},
		{"varint of 0", readv.Varint{}, "\x00", 1},
		{"varint", readv.Varint{}, "\xac\x02", 2 + 300},
		{"varint, longer than it has to be", readv.Varint{}, "\x81\x80\x00", 3 + 1},
		{"varint, exactly the maximum", readv.Varint{Max: 3}, "\x02", 3},
		{"line, nothing there", readv.Delimiter{End: "\n"}, "", 1},
		{"line, begun", readv.Delimiter{End: "\n"}, "abc", 4},
		{"line", readv.Delimiter{End: "\n"}, "abc\nde\n", 4},
		{"line, exactly the maximum", readv.Delimiter{End: "\n", Max: 4}, "abc\nde", 4},
		{"long end, nothing there", readv.Delimiter{End: "\r\n\r\n"}, "", 4},
		{"long end, begun", readv.Delimiter{End: "\r\n\r\n"}, "ab\r\n\r", 6},
		{"long end", readv.Delimiter{End: "\r\n\r\n"}, "ab\r\n\r\n\r\n", 6},
	} {
		if n, err := c.f.Need([]byte(c.have)); n != c.n || err != nil {
			t.Errorf("%s: %d, %v, want %d", c.name, n, err, c.n)
		}
	}
}

// P3: hostile sizes.
func TestFramersRefuseWhatIsAboveTheMaximum(t *testing.T) {
	for _, c := range []struct {
		f    readv.Framer
		have string
		size uint64
		max  int
	}{
		{readv.Length{Width: 1, Max: 10}, "\x0a", 11, 10},
		{readv.Length{Width: 4}, "\x00\xff\xff\xfd", 16<<20 + 1, 16 << 20},
		{readv.Length{Width: 4}, "\x7f\xff\xff\xff", 0x7fffffff + 4, 16 << 20},
		{readv.Length{Width: 4}, "\xff\xff\xff\xfc", 0xfffffffc + 4, 16 << 20}, // 0 in 32 bits
		{readv.Length{Width: 4}, "\xff\xff\xff\xff", 0xffffffff + 4, 16 << 20},
		{readv.Length{Width: 4, Adjust: -4}, "\xff\xff\xff\xff", 0xffffffff, 16 << 20},
		{readv.Length{Width: 4, Little: true, Max: math.MaxInt32}, "\xfc\xff\xff\x7f", 0x7ffffffc + 4, math.MaxInt32},
		{readv.Length{Width: 8}, "\x80\x00\x00\x00\x00\x00\x00\x00", 1 << 63, 16 << 20},
		{readv.Length{Width: 8}, "\x7f\xff\xff\xff\xff\xff\xff\xff", 1<<63 - 1, 16 << 20},
		{readv.Length{Width: 8}, "\xff\xff\xff\xff\xff\xff\xff\xff", math.MaxUint64, 16 << 20},
		{readv.Length{Width: 8}, "\xff\xff\xff\xff\xff\xff\xff\xf8", math.MaxUint64 - 7, 16 << 20}, // 0 in 64 bits
		{readv.Length{Width: 8, Adjust: 16 << 20}, "\x00\x00\x00\x00\x00\x00\x00\x00", 16<<20 + 8, 16 << 20},
		{readv.Varint{}, "\xfd\xff\xff\x07", 16<<20 + 1, 16 << 20},
		{readv.Varint{}, "\xff\xff\xff\xff\x0f", 0xffffffff + 5, 16 << 20},
		{readv.Varint{}, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 1 << 63, 16 << 20},
		{readv.Varint{}, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", math.MaxUint64, 16 << 20},
		{readv.Varint{}, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", math.MaxUint64, 16 << 20},
		{readv.Varint{Max: 3}, "\x03", 4, 3},
		{readv.Varint{Max: 2}, "\x81\x80\x00", 3, 2},
		{readv.Delimiter{End: "\n", Max: 4}, "abcd\n", 5, 4},
		{readv.Delimiter{End: "\r\n", Max: 4}, "abc\r\n", 5, 4},
		{readv.Delimiter{End: "\n"}, strings.Repeat("x", 1<<16), 1<<16 + 1, 1 << 16},
	} {
		n, err := c.f.Need([]byte(c.have))
		if n != 0 {
			t.Errorf("%+v: %d", c.f, n)
		}
		wantTooLong(t, err, c.size, c.max)
		if !strings.Contains(err.Error(), "are allowed") {
			t.Error(err)
		}
	}
}

func TestFramersRefuseWhatContradictsItself(t *testing.T) {
	for _, c := range []struct {
		f    readv.Framer
		have string
		want error
	}{
		{readv.Length{}, "", syscall.EINVAL},
		{readv.Length{Width: 5}, "", syscall.EINVAL},
		{readv.Length{Width: -1}, "", syscall.EINVAL},
		{readv.Length{Width: 1, Offset: -1}, "", syscall.EINVAL},
		{readv.Length{Width: 8, Offset: math.MaxInt}, "", syscall.EINVAL},
		{readv.Length{Width: 8, Offset: math.MaxInt, Max: math.MaxInt}, "", syscall.EINVAL},
		{readv.Length{Width: 4, Max: 3}, "", syscall.EINVAL},
		{readv.Length{Width: 4, Adjust: math.MaxInt}, "", syscall.EINVAL},
		{readv.Length{Width: 4, Adjust: math.MinInt}, "", syscall.EINVAL},
		{readv.Length{Width: 4, Adjust: -4}, "\x00\x00\x00\x03", syscall.EBADMSG},
		{readv.Length{Width: 1, Adjust: -1}, "\x00", syscall.EBADMSG},
		{readv.Delimiter{}, "", syscall.EINVAL},
		{readv.Delimiter{End: "long", Max: 3}, "", syscall.EINVAL},
		{readv.Fixed(0), "", syscall.EINVAL},
	} {
		n, err := c.f.Need([]byte(c.have))
		if n != 0 || err == nil {
			t.Errorf("%+v: %d, %v", c.f, n, err)
			continue
		}
		(&way{TB: t}).wantErr(err, c.want)
	}
}

// P3: it fails before anything of that size is there, and consumes nothing.
func TestLengthAboveTheMaximumFailsAtOnceAndTakesNoMemory(t *testing.T) {
	for _, head := range []string{"\x7f\xff\xff\xff", "\xff\xff\xff\xfc", "\x01\x00\x00\x00"} {
		w := socketpair(t)
		w.send(head)
		r := readv.PDU(w.b, readv.Length{Width: 4}, nil)
		_, err := wait(w, r)
		wantTooLong(t, err, 4+uint64(head[0])<<24+uint64(head[1])<<16+uint64(head[2])<<8+uint64(head[3]), 16<<20)
		if n := w.ev.Driver().Buffers.Taken(); n > 64<<10 {
			t.Errorf("%d bytes are held", n)
		}
		w.wantNext(head)
	}
}
