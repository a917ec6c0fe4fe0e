package tsocket_test

import (
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
	"github.com/tsocket-go/tsocket/internal/sys/linux"
	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tsocket"
)

// diary writes down the transfers of a kernel: r for one that received, s for one
// that sent.
type diary struct {
	*linux.Kernel
	text strings.Builder
}

func (d *diary) Recvmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	n, e := d.Kernel.Recvmsg(fd, m)
	if n > 0 {
		d.text.WriteByte('r')
	}
	return n, e
}

func (d *diary) Sendmsg(fd int, m *sys.Msg) (int, sys.Errno) {
	n, e := d.Kernel.Sendmsg(fd, m)
	if n > 0 {
		d.text.WriteByte('s')
	}
	return n, e
}

// TestAnswersGoOutBehindTheirBurstAndOthersOnceATurn has twenty clients that each
// send a byte, are answered, and whose byte is passed on to one who listens only:
// he is sent to once.
func TestAnswersGoOutBehindTheirBurstAndOthersOnceATurn(t *testing.T) {
	d := &diary{Kernel: linux.NewKernel()}
	p, err := linux.NewPoller(d.Kernel)
	must(t, err)
	ev := tevent.NewOn(d, p, linux.NewHost(0))
	defer ev.Close()
	pair := func() (near, far *tsocket.Stream) {
		near, far, err := tsocket.Socketpair(ev)
		must(t, err)
		closing(t, near, far)
		return near, far
	}
	listener, heard := pair()
	for range 20 {
		near, far := pair()
		near.Peek(1).SetCallback(func(r tevent.Req[[]byte]) {
			b, err := r.Result()
			must(t, err)
			near.Send([]byte{b[0]}).Ignore()
			listener.Send([]byte{b[0]}).Ignore()
			near.Consume(1)
		})
		far.Writev([]byte("x")).Ignore()
	}
	d.text.Reset()
	turns(t, ev, 1)
	want := strings.Repeat("r", 16) + strings.Repeat("s", 16) + "rrrr" + "ssss" + "s"
	if got := d.text.String(); got != want {
		t.Errorf("transfers %s, want %s", got, want)
	}
	all := make([]byte, 20)
	done(t, ev, heard.Readv(all))
}
