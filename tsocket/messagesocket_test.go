//go:build linux

package tsocket_test

import (
	"syscall"
	"testing"

	bt "github.com/tsocket-go/tsocket/tevent/backendtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

func TestASocketOfMessagesListensAndConnects(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		l, err := socket(b, tsocket.SocketMessage, "unix:"+b.TempDir()+"/m").ListenMessages(b.Ev, 0)
		must(b, err)
		defer l.Close()
		must(b, l.Options().SetSendBuffer(64<<10))
		accept := l.Accept()
		s, err := tsocket.NewSocket(b.Ev, tsocket.SocketMessage, tsocket.UnnamedUnix())
		must(b, err)
		x := done(b, b.Ev, s.ConnectMessages(b.Ev, l.Addr()))
		defer x.Close()
		y := done(b, b.Ev, accept)
		defer y.Close()
		if n, err := y.Options().SendBuffer(); err != nil || n == 0 {
			b.Fatal(n, err)
		}
		x.Send([]byte("by its type")).Ignore()
		message(b, b.Ev, y, "by its type")
	})
}

func TestASocketBecomesWhatItsTypeIs(t *testing.T) {
	bt.Each(t, func(b *bt.Backend) {
		s := socket(b, tsocket.SocketStream, "unix:"+b.TempDir()+"/s")
		fails(b, b.Ev, s.ConnectMessages(b.Ev, s.LocalAddr()), syscall.EPROTOTYPE)
		_, err := s.ListenMessages(b.Ev, 0)
		is(b, err, syscall.EPROTOTYPE)
		m := socket(b, tsocket.SocketMessage, "unix:"+b.TempDir()+"/m")
		fails(b, b.Ev, m.Connect(b.Ev, m.LocalAddr()), syscall.EPROTOTYPE)
		x, err := m.Messages(b.Ev)
		must(b, err)
		defer x.Close()
		fails(b, b.Ev, x.Recv(make([]byte, 1)), syscall.ENOTCONN)
	})
}
