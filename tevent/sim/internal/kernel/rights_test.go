package kernel

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys"
)

// pass sends descriptors along with a text.
func (w *world) pass(fd int, text string, rights ...int) {
	w.Helper()
	p := sys.Packet{Msg: *msg([]byte(text)), Rights: rights}
	_, e := w.a.SendPacket(fd, &p)
	w.ok(e)
}

// take receives with room for some descriptors.
func (w *world) take(fd, room int) (string, *sys.Packet) {
	w.Helper()
	b := make([]byte, 100)
	p := &sys.Packet{Msg: *msg(b), Rights: make([]int, 0, room)}
	n, e := w.a.RecvPacket(fd, p)
	w.ok(e)
	return string(b[:n]), p
}

func TestDescriptorsTravelWithTheirBytes(t *testing.T) {
	w := newWorld(t)
	s, file := w.local(), w.fd(w.a.Eventfd(5))
	w.send(w.a, s[0], "before ")
	w.pass(s[0], "with", file)
	w.send(w.a, s[0], " behind")
	text, p := w.take(s[1], 1)
	if text != "before with" || len(p.Rights) != 1 || p.Cut != 0 {
		t.Fatal(text, p.Rights, p.Cut)
	}
	var count [8]byte
	n, e := w.a.Read(p.Rights[0], count[:])
	w.ok(e)
	if n != 8 || count[0] != 5 {
		t.Fatal(count)
	}
	if got := w.recv(w.a, s[1]); got != " behind" {
		t.Fatal(got)
	}
}

func TestASurplusOfDescriptorsIsClosed(t *testing.T) {
	w := newWorld(t)
	s, file := w.local(), w.local()
	w.pass(s[0], "x", file[0], file[0])
	w.ok(w.a.Close(file[0]))
	_, p := w.take(s[1], 1)
	if len(p.Rights) != 1 || p.Cut != sys.CutRights {
		t.Fatal(p.Rights, p.Cut)
	}
	w.isReady(w.a, file[1], sys.Out)
	w.ok(w.a.Close(p.Rights[0]))
	w.isReady(w.a, file[1], sys.In|sys.Out|sys.PeerClose|sys.Hangup)
}

func TestDescriptorsUnderWayAreClosedWithTheSocket(t *testing.T) {
	w := newWorld(t)
	s, file := w.local(), w.local()
	w.pass(s[0], "x", file[0])
	w.ok(w.a.Close(file[0]))
	w.isReady(w.a, file[1], sys.Out)
	w.ok(w.a.Close(s[1]))
	w.isReady(w.a, file[1], sys.In|sys.Out|sys.PeerClose|sys.Hangup)
}

func TestSocketsThatHoldEachOtherAreCollected(t *testing.T) {
	w := newWorld(t)
	s, other, way := w.local(), w.local(), w.local()
	w.pass(s[0], "x", s[1], other[0]) // s[1] lies at itself
	w.ok(w.a.Close(other[0]))
	w.ok(w.a.Close(s[1]))
	w.isReady(w.a, other[1], sys.Out)
	w.ok(w.a.Close(way[0])) // as on Linux, the end of another socket starts the search
	w.isReady(w.a, s[0], sys.In|sys.Out|sys.PeerClose|sys.Hangup)
	w.isReady(w.a, other[1], sys.In|sys.Out|sys.PeerClose|sys.Hangup)
}

func TestASocketThatCanStillBeReceivedIsNotCollected(t *testing.T) {
	w := newWorld(t)
	way, s := w.local(), w.local()
	w.pass(s[0], "inner", s[0])
	w.pass(way[0], "outer", s[1])
	w.ok(w.a.Close(s[0]))
	w.ok(w.a.Close(s[1]))
	w.ok(w.a.Close(w.local()[0])) // starts the search
	_, p := w.take(way[1], 1)
	if text, _ := w.take(p.Rights[0], 1); text != "inner" {
		t.Fatal(text)
	}
}

func TestACutRightIsNoDescriptorOfAFullTable(t *testing.T) {
	w := newWorld(t)
	s, file := w.local(), w.fd(w.a.Eventfd(0))
	w.pass(s[0], "x", file)
	w.a.SetFiles(len(w.a.Open()) + standard)
	_, p := w.take(s[1], 1)
	if len(p.Rights) != 0 || p.Cut != sys.CutRights {
		t.Fatal(p.Rights, p.Cut)
	}
}
