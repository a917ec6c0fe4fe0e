package wire

import (
	"reflect"
	"testing"
)

// FuzzFrame feeds header and payload as a reader would.
func FuzzFrame(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.frame.Bytes())
	}
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < HeaderLen {
			return
		}
		h, err := ParseHeader([HeaderLen]byte(b), MaxPayload)
		if err != nil || h.Type.Ignorable() || uint64(h.Len) > uint64(len(b)-HeaderLen) {
			return
		}
		stable(t, Frame{h.Type, b[HeaderLen : HeaderLen+int(h.Len)]})
	})
}

func FuzzVersion(f *testing.F) { fuzzType(f, TypeVersion) }
func FuzzConInfo(f *testing.F) { fuzzType(f, TypeConInfo) }
func FuzzReq(f *testing.F)     { fuzzType(f, TypeReq) }
func FuzzVerdict(f *testing.F) { fuzzType(f, TypeOK) }
func FuzzFail(f *testing.F)    { fuzzType(f, TypeFail) }

func fuzzType(f *testing.F, typ Type) {
	for _, s := range samples() {
		if s.frame.Type == typ {
			f.Add(s.frame.Payload)
		}
	}
	f.Fuzz(func(t *testing.T, p []byte) { stable(t, Frame{typ, p}) })
}

// stable checks that what decodes also encodes, to something that decodes the
// same and is never longer than what came.
func stable(t *testing.T, f Frame) {
	v, err := decode(f)
	if err != nil {
		return
	}
	again := v.Frame()
	w, err := decode(again)
	if err != nil || !reflect.DeepEqual(v, w) {
		t.Fatalf("%x became %x: %+v, %v", f.Payload, again.Payload, w, err)
	}
	if len(again.Payload) > len(f.Payload) {
		t.Fatalf("%x grew to %x", f.Payload, again.Payload)
	}
}
