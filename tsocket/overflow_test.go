package tsocket_test

import (
	"errors"
	"math"
	"syscall"
	"testing"
	"unsafe"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// unbacked is a slice header of n bytes that are not there; nobody looks at them.
func unbacked(b *byte, n int) []byte {
	header := struct {
		p        *byte
		len, cap int
	}{b, n, n}
	return *(*[]byte)(unsafe.Pointer(&header))
}

func TestS1ATotalThatOverflowsIsEMSGSIZE(t *testing.T) {
	ev := teventtest.New(t)
	a, b := tsocket.Pipe(ev, tsocket.PipeConfig{})
	defer a.Close()
	defer b.Close()
	var one byte
	many := [][]byte{unbacked(&one, math.MaxInt), unbacked(&one, 1)}
	pending := b.Readv(make([]byte, 1)) // EMSGSIZE comes before EBUSY
	for name, r := range map[string]tevent.Req[int]{
		"Readv": b.Readv(many...), "Writev": a.Writev(many...), "Send": a.Send(many...),
	} {
		if _, err := r.Result(); !errors.Is(err, syscall.EMSGSIZE) {
			t.Errorf("%s: %v", name, err)
		}
	}
	pending.Drop()
}
