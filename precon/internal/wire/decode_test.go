package wire

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// decoded is a payload's value, able to encode itself.
type decoded interface{ Frame() Frame }

// decode decodes the payload of any type that has a decoder.
func decode(f Frame) (decoded, error) {
	switch f.Type {
	case TypeVersion:
		return DecodeHello(f.Payload)
	case TypeConInfo:
		return DecodeConInfo(f.Payload)
	case TypeReq:
		return DecodeReq(f.Payload)
	case TypeStep:
		return DecodeStep(f.Payload)
	case TypeOK:
		return DecodeOK(f.Payload)
	case TypeNext:
		return DecodeNext(f.Payload)
	case TypeEOF:
		return DecodeEOF(f.Payload)
	case TypeFail:
		return DecodeFail(f.Payload)
	}
	return nil, errors.New("no decoder for " + f.Type.String())
}

func TestEveryFrameSurvivesARoundTrip(t *testing.T) {
	for _, s := range samples() {
		v, err := decode(s.frame)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if got := v.Frame().Bytes(); !bytes.Equal(got, s.frame.Bytes()) {
			t.Errorf("%s: %x became %x", s.name, s.frame.Bytes(), got)
		}
	}
}

// A cut at the border of a tail entry, or inside free data, is a shorter frame
// of its own; it must never pass for the whole.
func TestCutFrameIsAnErrorOrAShorterValidFrame(t *testing.T) {
	for _, s := range samples() {
		whole, _ := decode(s.frame)
		for n := range len(s.frame.Payload) {
			v, err := decode(Frame{s.frame.Type, s.frame.Payload[:n]})
			if err == nil && reflect.DeepEqual(v, whole) {
				t.Errorf("%s cut to %d bytes decodes to the whole", s.name, n)
			}
		}
	}
}

func TestFrozenLayoutsSkipWhatLaterVersionsAppend(t *testing.T) {
	unknown := []byte{0x7f, 0xff, 0, 3, 'n', 'e', 'w'}
	for _, s := range samples() {
		longer := Frame{s.frame.Type, append(bytes.Clone(s.frame.Payload), unknown...)}
		switch s.frame.Type {
		case TypeVersion, TypeConInfo, TypeReq, TypeFail:
			short, _ := decode(s.frame)
			if v, err := decode(longer); err != nil || !reflect.DeepEqual(v, short) {
				t.Errorf("%s with an unknown tail entry: %+v, %v", s.name, v, err)
			}
			if _, err := decode(Frame{longer.Type, longer.Payload[:len(longer.Payload)-1]}); err == nil {
				t.Errorf("%s with a cut tail entry: accepted", s.name)
			}
		case TypeOK, TypeEOF:
			if _, err := decode(longer); err == nil {
				t.Errorf("%s: longer payload accepted", s.name)
			}
		}
	}
}

func TestAmbiguousOrOversizePayloadsAreRefused(t *testing.T) {
	offer := Offer{Arch: "tcp", Preference: 1, Services: Stream}
	info := func(offers ...Offer) Frame { return ConInfo{Role: Active, Offers: offers}.Frame() }
	with := func(change func(*Offer)) Frame { o := offer; change(&o); return info(o) }
	twice := func(f Frame, entry []byte) Frame {
		return Frame{f.Type, append(append(bytes.Clone(f.Payload), entry...), entry...)}
	}
	var many []Offer
	for i := range MaxOffers + 1 {
		many = append(many, Offer{Arch: string(rune('a' + i)), Preference: 1})
	}
	name := appendField(nil, tagName, []byte("n"))
	refused := Refusal{"shm", Failed, ""}
	for what, f := range map[string]Frame{
		"offered twice":        info(offer, offer),
		"seventeen offers":     info(many...),
		"preference 0":         with(func(o *Offer) { o.Preference = 0 }),
		"unknown strength":     with(func(o *Offer) { o.Strength = 3 }),
		"no arch name":         with(func(o *Offer) { o.Arch = "" }),
		"long arch name":       with(func(o *Offer) { o.Arch = strings.Repeat("a", MaxArch+1) }),
		"newline in the arch":  with(func(o *Offer) { o.Arch = "a\nb" }),
		"long parameters":      with(func(o *Offer) { o.Params = make([]byte, MaxParams+1) }),
		"two names":            twice(info(), name),
		"long name":            ConInfo{Role: Active, Name: strings.Repeat("n", MaxName+1)}.Frame(),
		"no such role":         ConInfo{Role: 3}.Frame(),
		"role 0":               Hello{Spoken, 0}.Frame(),
		"empty range":          Hello{Range{2, 1}, Active}.Frame(),
		"version 0":            Hello{Range{0, 1}, Active}.Frame(),
		"attempt 0":            Req{0, "tcp", nil}.Frame(),
		"refused twice":        Req{1, "tcp", []Refusal{refused, refused}}.Frame(),
		"refuses what it asks": Req{1, "shm", []Refusal{refused}}.Frame(),
		"STEP 0":               Step{}.Frame(),
		"OK 0":                 OK{}.Frame(),
		"NEXT without reason":  Next{1, 0, ""}.Frame(),
		"NEXT with long text":  Next{1, Failed, strings.Repeat("t", MaxText+1)}.Frame(),
		"FAIL without reason":  Fail{}.Frame(),
		"FAIL with long text":  Fail{Reason: Failed, Text: strings.Repeat("t", MaxText+1)}.Frame(),
	} {
		var bad *FormatError
		if v, err := decode(f); !errors.As(err, &bad) {
			t.Errorf("%s: %+v, %v; want a FormatError", what, v, err)
		}
	}
}

func TestLargestPayloadsFitTheirLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	info := ConInfo{Role: Active, Name: long(MaxName), Address: long(MaxName)}
	req := Req{Attempt: 1, Arch: "tcp"}
	for i := range MaxOffers {
		arch := string(rune('A'+i)) + long(MaxArch-1)
		info.Offers = append(info.Offers, Offer{Arch: arch, Preference: 1, Params: make([]byte, MaxParams)})
		req.Refused = append(req.Refused, Refusal{arch, Failed, long(MaxText)})
	}
	flight := Hello{Spoken, Active}.Frame().Len() + info.Frame().Len() + req.Frame().Len()
	if flight > MaxAttempt {
		t.Errorf("the active side's first flight has %d bytes, more than %d", flight, MaxAttempt)
	}
	for _, f := range []Frame{info.Frame(), req.Frame(), Fail{NoPath, long(MaxText), req.Refused}.Frame(), Next{1, Failed, long(MaxText)}.Frame()} {
		most, _ := f.Type.MaxPayload()
		if _, err := decode(f); err != nil || len(f.Payload) > int(most) {
			t.Errorf("%v: %d of %d bytes, %v", f.Type, len(f.Payload), most, err)
		}
	}
}
