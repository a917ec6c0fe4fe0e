//go:build linux

package tsocket_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// atEnd is what the end of a stream is.
var atEnd = []error{io.EOF, syscall.EPIPE}

// ending is how a peer goes, and what a reader has to find.
type ending struct {
	name string
	nets string
	text string
	err  error
	open bool                       // fd stays open
	do   func(t *testing.T, fd int) // closes fd or shuts it down
}

var long = strings.Repeat("0123456789", 500)

var endings = []ending{
	{"FIN", "tcp unix", "before", io.EOF, true, func(t *testing.T, fd int) {
		rawWrite(t, fd, "before")
		must(t, unix.Shutdown(fd, unix.SHUT_WR))
	}},
	{"FIN in the segment of the data", "tcp", "before", io.EOF, true, func(t *testing.T, fd int) {
		must(t, unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_CORK, 1))
		rawWrite(t, fd, "before")
		must(t, unix.Shutdown(fd, unix.SHUT_WR))
	}},
	{"close", "tcp unix", long, io.EOF, false, func(t *testing.T, fd int) {
		rawWrite(t, fd, long)
		rawRead(t, fd, len("unread"))
		must(t, unix.Close(fd))
	}},
	{"close with unread bytes", "tcp unix", long, syscall.ECONNRESET, false, func(t *testing.T, fd int) {
		rawWrite(t, fd, long)
		must(t, unix.Close(fd))
	}},
	{"RST", "tcp", long, syscall.ECONNRESET, false, func(t *testing.T, fd int) {
		rawWrite(t, fd, long)
		must(t, unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}))
		must(t, unix.Close(fd))
	}},
	{"urgent data", "tcp", "beforebehind", io.EOF, true, func(t *testing.T, fd int) {
		rawWrite(t, fd, "before")
		must(t, unix.Sendmsg(fd, []byte("!"), nil, nil, unix.MSG_OOB))
		rawWrite(t, fd, "behind")
		must(t, unix.Shutdown(fd, unix.SHUT_WR))
	}},
	{"urgent data last", "tcp", "before", io.EOF, true, func(t *testing.T, fd int) {
		rawWrite(t, fd, "before")
		must(t, unix.Sendmsg(fd, []byte("!"), nil, nil, unix.MSG_OOB))
		must(t, unix.Shutdown(fd, unix.SHUT_WR))
	}},
	{"urgent data first and twice", "tcp", "betweenbehind", io.EOF, true, func(t *testing.T, fd int) {
		must(t, unix.Sendmsg(fd, []byte("!"), nil, nil, unix.MSG_OOB))
		rawWrite(t, fd, "between")
		must(t, unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1))
		rawWrite(t, fd, "behind")
		must(t, unix.Shutdown(fd, unix.SHUT_WR))
	}},
}

// reader is a way to read; it returns the next bytes, or the error behind them.
type reader struct {
	name string
	ask  func(s *tsocket.Stream) func() (string, error)
}

func readers(t *testing.T, ev *tevent.Context) []reader {
	vector := func(n, ahead int) func(*tsocket.Stream) func() (string, error) {
		return func(s *tsocket.Stream) func() (string, error) {
			s.SetReadAhead(ahead)
			b := make([]byte, n)
			r := s.Readv(b)
			return func() (string, error) {
				k, err := tevent.Wait(ev, r.SetTimeout(patience))
				return string(b[:k]), err
			}
		}
	}
	return []reader{
		{"byte by byte", vector(1, tsocket.DefaultReadAhead)},
		{"by sevens, exactly", vector(7, 0)},
		{"more than there is", vector(1<<20, tsocket.DefaultReadAhead)},
		{"peeking", func(s *tsocket.Stream) func() (string, error) {
			r := s.Peek(1)
			return func() (string, error) {
				b, err := tevent.Wait(ev, r.SetTimeout(patience))
				text := string(b)
				s.Consume(len(b))
				return text, err
			}
		}},
	}
}

func TestS3BytesBeforeTheEndAreRead(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		for _, e := range endings {
			if strings.Contains(e.nets, network) {
				for _, idle := range []bool{true, false} {
					name := network + "/" + e.name + map[bool]string{true: "/idle in between", false: "/read meanwhile"}[idle]
					t.Run(name, func(t *testing.T) { showEnding(t, network, e, idle) })
				}
			}
		}
	}
}

func showEnding(t *testing.T, network string, e ending, idle bool) {
	for i := range readers(t, nil) {
		ev := teventtest.New(t)
		r := readers(t, ev)[i]
		t.Run(r.name, func(t *testing.T) {
			addr := map[string]string{"tcp": "127.0.0.1:0", "unix": abstract(e.name)}[network]
			l := listen(t, ev, address(t, addr))
			fd := raw(t, l)
			ended := false
			defer func() {
				if !ended || e.open {
					unix.Close(fd)
				}
			}()
			s := done(t, ev, l.Accept())
			closing(t, s)
			l.Close()
			write(t, ev, s, "unread")
			text, err := readTo(t, ev, s, r, idle, func() { e.do(t, fd); ended = true })
			if text != e.text {
				t.Fatalf("read %d bytes, want %d", len(text), len(e.text))
			}
			if !errors.Is(err, e.err) && !(e.err == io.EOF && errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Fatalf("the end is %v, want %v", err, e.err)
			}
		})
	}
}

// readTo reads everything; the peer ends with the loop idle, or while the
// first read is waiting.
func readTo(t *testing.T, ev *tevent.Context, s *tsocket.Stream, r reader, idle bool, end func()) (string, error) {
	var text strings.Builder
	var next func() (string, error)
	if idle {
		turns(t, ev, 3)
		end()
		turns(t, ev, 10)
		next = r.ask(s)
	} else {
		next = r.ask(s)
		turns(t, ev, 2)
		end()
	}
	for range 1 << 16 {
		b, err := next()
		text.WriteString(b)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("nothing comes behind %d bytes", text.Len())
		}
		if err != nil {
			return text.String(), err
		}
		if idle {
			ev.SetWaitTimeout(0)
			must(t, ev.LoopOnce())
			ev.SetWaitTimeout(-1)
		}
		next = r.ask(s)
	}
	t.Fatal("there is no end")
	return "", nil
}

func TestTheEndSaysEOF(t *testing.T) {
	ev := teventtest.New(t)
	a, b := socketpair(t, ev)
	closing(t, a, b)
	a.Close()
	_, err := tevent.Wait(ev, b.Readv(make([]byte, 1)))
	if err == nil || !strings.HasSuffix(err.Error(), ": EOF") || !strings.HasPrefix(err.Error(), "readv unix ") {
		t.Errorf("the error reads %q", err)
	}
}
