package tevent_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
)

func TestEachBackendRunsAContext(t *testing.T) {
	for _, name := range tevent.Backends() {
		ev, err := tevent.NewBackend(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		teventtest.Watch(t, ev)
		if _, err := tevent.Wait(ev, tevent.Sleep(ev, time.Microsecond)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !slices.Contains(tevent.Backends(), "poll") {
		t.Error(tevent.Backends())
	}
}

func TestUnknownBackendIsNotSupported(t *testing.T) {
	ev, err := tevent.NewBackend("abacus")
	if ev != nil || !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), `"abacus"`) {
		t.Error(ev, err)
	}
}
