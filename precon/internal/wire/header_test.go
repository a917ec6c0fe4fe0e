package wire

import (
	"encoding/binary"
	"errors"
	"testing"
)

func header(t Type, n uint32) (b [HeaderLen]byte) {
	binary.BigEndian.PutUint32(b[:4], uint32(t))
	binary.BigEndian.PutUint32(b[4:], n)
	return b
}

func TestLengthIsCheckedOnTheHeaderAlone(t *testing.T) {
	for typ := range names {
		most, known := typ.MaxPayload()
		for _, n := range []uint32{0, 1, most - 1, most, most + 1, MaxPayload, MaxPayload + 1, 1<<31 - 1, 1 << 31, 0xfffffff8, 0xfffffffc, 0xffffffff} {
			for _, limit := range []uint32{MaxHello, MaxPayload} {
				h, err := ParseHeader(header(typ, n), limit)
				if want := known && n <= most && n <= limit; (err == nil) != want {
					t.Errorf("%v of %d bytes under %d: %v", typ, n, limit, err)
				}
				if err == nil && (h != Header{typ, n}) {
					t.Errorf("%v of %d bytes: header %v", typ, n, h)
				}
			}
		}
	}
}

func TestOnlyIgnorableUnknownTypesAreRead(t *testing.T) {
	for typ, want := range map[Type]bool{0: false, 1: false, 0x17: false, 0x47455420: false, 1 << 31: true, 0xffffffff: true, TypeReq | 1<<31: true} {
		_, err := ParseHeader(header(typ, MaxIgnorable), MaxPayload)
		var bad *FormatError
		if errors.As(err, &bad) == want {
			t.Errorf("%v: %v", typ, err)
		}
	}
	if _, err := ParseHeader(header(1<<31, MaxIgnorable+1), MaxPayload); err == nil {
		t.Error("ignorable frame above its limit accepted")
	}
}

func TestFirstByteDecides(t *testing.T) {
	for b := range 256 {
		want := Stranger
		switch b {
		case 0x16:
			want = TLS
		case 'T':
			want = Frames
		}
		if got := Sniff(byte(b)); got != want {
			t.Errorf("Sniff(%#x) = %v, want %v", b, got, want)
		}
	}
	if (Hello{Spoken, Active}).Frame().Bytes()[0] != 'T' {
		t.Error("VERSION does not start with T")
	}
}

func TestHighestCommonVersionIsSelected(t *testing.T) {
	for a := uint16(1); a < 6; a++ {
		for b := a; b < 6; b++ {
			for c := uint16(1); c < 6; c++ {
				for d := c; d < 6; d++ {
					checkCommon(t, Range{a, b}, Range{c, d})
				}
			}
		}
	}
}

// checkCommon compares Common with a search over all versions.
func checkCommon(t *testing.T, r, o Range) {
	want := uint16(0)
	for v := uint16(1); v < 6; v++ {
		if r.Lo <= v && v <= r.Hi && o.Lo <= v && v <= o.Hi {
			want = v
		}
	}
	if v, ok := r.Common(o); ok != (want != 0) || ok && v != want {
		t.Errorf("%v and %v: %d %v, want %d", r, o, v, ok, want)
	}
}

func TestClipKeepsCharactersWhole(t *testing.T) {
	for pad := range 8 {
		s := "12345678"[:pad]
		for len(s) < 2*MaxText {
			s += "ä€𝄞"
		}
		got := Clip(s)
		if len(got) > MaxText || len(got) < MaxText-3 || s[:len(got)] != got || []rune(s)[len([]rune(got))-1] != []rune(got)[len([]rune(got))-1] {
			t.Errorf("Clip cut %q to %q", s, got)
		}
	}
}
