package tsockettest_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/sim/simtest"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
	. "github.com/tsocket-go/tsocket/tsocket/tsockettest"
)

// both plays two scripts against each other on every kind of stream and returns how
// they ended.
func both(t *testing.T, near, far []Step, judge func(t testing.TB, near, far error)) {
	play := func(t testing.TB, ev *tevent.Context, a, b *tsocket.Stream) {
		x, y := Play(a, near...), Play(b, far...)
		var ends [2]error
		for i, r := range []tevent.Req[tevent.None]{x, y} {
			r.SetTimeout(10 * time.Second).SetCallback(func(r tevent.Req[tevent.None]) { _, ends[i] = r.Result() })
		}
		if err := ev.LoopWait(); err != nil {
			t.Fatal(err)
		}
		judge(t, ends[0], ends[1])
	}
	t.Run("pipe", func(t *testing.T) {
		ev := teventtest.New(t)
		a, b := tsocket.Pipe(ev, tsocket.PipeConfig{})
		play(t, ev, a, b)
	})
	t.Run("sim", func(t *testing.T) {
		simtest.Run(t, func(t testing.TB, ev *tevent.Context) {
			a, b, err := tsocket.Socketpair(ev)
			if err != nil {
				t.Fatal(err)
			}
			play(t, ev, a, b)
		})
	})
}

func TestScriptsThatFitEachOtherBothEnd(t *testing.T) {
	both(t,
		[]Step{Send("ab"), Expect("cd"), SendPieces("efgh", 3), Flood(300_000), Shut(), ExpectEnd()},
		[]Step{Expect("ab"), Stall(time.Second), Send("cd"), Expect("efgh"), Shut(), drain(300_000), ExpectEnd()},
		func(t testing.TB, near, far error) {
			if near != nil || far != nil {
				t.Errorf("near: %v, far: %v", near, far)
			}
		})
}

// drain reads n bytes, whatever they are.
func drain(n int) Step { return Expect(string(make([]byte, n))) }

func TestAScriptFailsAtTheStepThatGoesWrong(t *testing.T) {
	for name, c := range map[string]struct {
		far  []Step
		want string
	}{
		"other bytes":      {[]Step{Send("abX")}, `script: step 2, expect "bc": got "bX"`},
		"a byte too many":  {[]Step{Send("abcd")}, `script: step 3, expect the end: got "d"`},
		"an end inside":    {[]Step{Send("ab"), Shut(), ExpectEnd()}, ""},
		"what is expected": {[]Step{Send("abc"), Shut(), ExpectEnd()}, "nil"},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, []Step{Expect("a"), Expect("bc"), ExpectEnd()}, c.far, func(t testing.TB, near, _ error) {
				var e *ScriptError
				switch {
				case c.want == "nil":
					if near != nil {
						t.Error(near)
					}
				case near == nil, c.want != "" && near.Error() != c.want:
					t.Errorf("the error is %v, want %s", near, c.want)
				case !errors.As(near, &e):
					t.Errorf("the error is %v", near)
				}
			})
		})
	}
}

func TestAScriptSeesAResetBehindBytes(t *testing.T) {
	both(t, []Step{Send("unread"), ExpectReset()}, []Step{Send("some"), Stall(time.Millisecond), Close()},
		func(t testing.TB, near, far error) {
			if near != nil || far != nil {
				t.Errorf("near: %v, far: %v", near, far)
			}
		})
}

func TestAScriptWaitsForWhatOthersDo(t *testing.T) {
	open := false
	both(t, []Step{
		When("the other is there", func() bool { return open }),
		Do("fail", func(*tsocket.Stream) error { return syscall.ENOSYS }),
	}, []Step{Stall(time.Millisecond), Do("open", func(*tsocket.Stream) error { open = true; return nil }), ExpectEnd()},
		func(t testing.TB, near, far error) {
			var e *ScriptError
			if !errors.As(near, &e) || e.At != 1 || !errors.Is(near, syscall.ENOSYS) || far != nil || !open {
				t.Errorf("near: %v, far: %v", near, far)
			}
			open = false
		})
}

func TestAScriptPlaysOnADescriptor(t *testing.T) {
	ev := teventtest.New(t)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	fd, _, err := b.ReleaseFD()
	if err != nil {
		t.Fatal(err)
	}
	r := PlayFD(ev, fd, Expect("ping"), Send("pong"))
	a.Send([]byte("ping")).Ignore()
	if _, err := tevent.Wait(ev, r); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4)
	if _, err := tevent.Wait(ev, a.Readv(buf)); err != nil || string(buf) != "pong" {
		t.Errorf("%q, %v", buf, err)
	}
	if _, err := tevent.Wait(ev, PlayFD(ev, -1)); !errors.Is(err, syscall.EBADF) {
		t.Errorf("the error is %v", err)
	}
}
