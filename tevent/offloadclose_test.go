package tevent_test

import (
	"errors"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

// What an Offload's function still does after Close is nobody's, and no leak.
func TestOffloadAtCloseIsNoLeak(t *testing.T) {
	ev := teventtest.Open(t)
	going, end, ended := make(chan bool), make(chan bool), make(chan bool)
	r := tevent.Offload(ev, func() (int, error) {
		defer close(ended)
		close(going)
		<-end
		return 1, nil
	})
	<-going
	ev.Close()
	if _, err := r.Result(); !errors.Is(err, tevent.ErrClosed) {
		t.Error(err)
	}
	close(end)
	<-ended
	for item := range ev.Items() {
		t.Error("left:", item)
	}
}
