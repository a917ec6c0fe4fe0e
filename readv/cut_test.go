package readv_test

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/readv"
)

// Cut walks to the last whole PDU and no further, and touches nothing.
func TestCutWalksThroughWholePDUs(t *testing.T) {
	b := []byte("\x01a\x02bc\x05part")
	var got []string
	at := 0
	for {
		pdu, err := readv.Cut(b[at:], short)
		if err != nil {
			t.Fatal(err)
		}
		if pdu == nil {
			break
		}
		if cap(pdu) != len(pdu) || &pdu[0] != &b[at] {
			t.Error("not a part of b that an append leaves alone")
		}
		got = append(got, string(pdu))
		at += len(pdu)
	}
	if len(got) != 2 || got[0] != "\x01a" || got[1] != "\x02bc" || string(b) != "\x01a\x02bc\x05part" {
		t.Errorf("%q of %q", got, b)
	}
	if pdu, err := readv.Cut(nil, short); pdu != nil || err != nil {
		t.Error(pdu, err)
	}
	var long *readv.TooLongError
	if _, err := readv.Cut([]byte{9}, readv.Length{Width: 1, Max: 3}); !errors.As(err, &long) {
		t.Error(err)
	}
}
