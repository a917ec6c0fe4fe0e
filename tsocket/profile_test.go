//go:build unix

package tsocket_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent"
	"github.com/tsocket-go/tsocket/tevent/teventtest"
	"github.com/tsocket-go/tsocket/tsocket"
)

// TestProfileNamesWhatTheLoopDid: a read that the loop completes ends in the code
// for streams, not at the loop's own line that is the same for everything.
func TestProfileNamesWhatTheLoopDid(t *testing.T) {
	teventtest.Process(t)
	ev := teventtest.New(t)
	a, b, err := tsocket.Socketpair(ev)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	defer b.Close()
	r := a.Readv(make([]byte, 1))
	p := r.SetProfile()
	b.Writev([]byte("x")).Ignore()
	if _, err := tevent.Wait(ev, r); err != nil {
		t.Fatal(err)
	}
	if dir := filepath.Base(filepath.Dir(p.Ended)); dir != "tsocket" || !strings.Contains(p.Created, "profile_test.go:") {
		t.Errorf("from %s to %s", p.Created, p.Ended)
	}
}
