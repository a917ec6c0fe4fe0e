//go:build linux

package linux

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

func TestTransfersAllocateNothing(t *testing.T) {
	k := sys.Kernel(NewKernel())
	s := pair(t, k.(*Kernel))
	a, b, c := make([]byte, 10), make([]byte, 20), make([]byte, 30)
	for name, bufs := range map[string][][]byte{"one": {a}, "three": {a, b, c}} {
		m := &sys.Msg{Bufs: bufs}
		n := testing.AllocsPerRun(100, func() {
			k.Sendmsg(s[0], m)
			k.Recvmsg(s[1], m)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestBuffersAreNotKeptAlive(t *testing.T) {
	k := NewKernel()
	s := pair(t, k)
	m := &sys.Msg{Bufs: [][]byte{[]byte("abc"), []byte("def"), []byte("g")}}
	for _, f := range []func(int, *sys.Msg) (int, sys.Errno){k.Sendmsg, k.Recvmsg} {
		f(s[0], m)
		for _, v := range k.iov[:cap(k.iov)] {
			if v.Base != nil {
				t.Fatal("a buffer is still referred to")
			}
		}
	}
}
