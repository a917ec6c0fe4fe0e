package kernel

import (
	"syscall"
	"testing"
)

func TestANewDescriptorIsTheLowestThatIsFree(t *testing.T) {
	w := newWorld(t)
	for want := standard; want < 10; want++ {
		if got := w.unix(syscall.SOCK_DGRAM); got != want {
			t.Fatal(got, want)
		}
	}
	w.ok(w.a.Close(7))
	w.ok(w.a.Close(5))
	for _, want := range []int{5, 7, 10} {
		if got := w.unix(syscall.SOCK_DGRAM); got != want {
			t.Fatal(got, want)
		}
	}
}

func TestDescriptorsAreLimited(t *testing.T) {
	w := newWorld(t)
	c, l := w.unix(syscall.SOCK_STREAM), w.unix(syscall.SOCK_STREAM)
	w.ok(w.a.Bind(l, path("@l")))
	w.ok(w.a.Listen(l, 1))
	w.ok(w.a.Connect(c, path("@l")))
	w.a.SetFiles(standard + 2)
	_, e := w.a.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	w.want(e, syscall.EMFILE)
	_, _, e = w.a.Accept(l)
	w.want(e, syscall.EMFILE)
	w.a.SetFiles(standard + 3)
	_, _, e = w.a.Accept(l) // it was not lost
	w.ok(e)
	_, e = w.a.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	w.want(e, syscall.EMFILE)
}

func TestMisuseIsCounted(t *testing.T) {
	w := newWorld(t)
	fd := w.unix(syscall.SOCK_DGRAM)
	w.ok(w.a.Close(fd))
	w.want(w.a.Close(fd), syscall.EBADF)
	w.recvFails(w.a, fd, syscall.EBADF)
	if got := w.a.Misuse(); got != (Misuse{BadDescriptor: 1, DoubleClose: 1}) {
		t.Fatal(got)
	}
}

func TestADuplicateIsTheSameOpenFile(t *testing.T) {
	w := newWorld(t)
	s := w.local()
	dup := w.fd(w.a.Dup(s[0]))
	w.ok(w.a.Close(s[0]))
	w.send(w.a, dup, "x")
	if got := w.recv(w.a, s[1]); got != "x" {
		t.Fatal(got)
	}
	w.ok(w.a.Close(dup))
	if got := w.recv(w.a, s[1]); got != "" {
		t.Fatal(got)
	}
}

func TestWhatIsNoSocketSaysSo(t *testing.T) {
	w := newWorld(t)
	fd := w.fd(w.a.Eventfd(0))
	w.want(w.a.Listen(fd, 1), syscall.ENOTSOCK)
	w.recvFails(w.a, fd, syscall.ENOTSOCK)
	w.want(w.a.Truncate(w.unix(syscall.SOCK_DGRAM), 1), syscall.EINVAL)
	_, e := w.a.Map(fd, 4096)
	w.want(e, syscall.ENODEV)
}

func TestRandomOfAProcessDoesNotMoveTheNetwork(t *testing.T) {
	one, two := newWorld(t), newWorld(t)
	one.a.Random(make([]byte, 1000))
	if one.n.Rand().Uint64() != two.n.Rand().Uint64() {
		t.Fatal("it does")
	}
}
