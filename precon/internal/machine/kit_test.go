package machine

import (
	"errors"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

// TestMain collects rarely: what is alive is little, what is dropped is much.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}

// archs are names for offers, best first.
var archs = []string{"one", "two", "three"}

var errInit = errors.New("not here")

// info returns a CON_INFO that offers the named archs, best first.
func info(role wire.Role, offers ...string) wire.ConInfo {
	c := wire.ConInfo{
		Endpoint: wire.ID{byte(role)}, Conn: wire.ID{9}, Nonce: wire.ID{0xf0, byte(role)},
		Role: role, Services: wire.Stream, Name: role.String(),
	}
	for i, arch := range offers {
		c.Offers = append(c.Offers, wire.Offer{Arch: arch, Preference: uint8(i + 1), Services: wire.Stream})
	}
	return c
}

// config returns a side that offers the named archs and refuses none.
func config(role wire.Role, offers ...string) Config {
	return Config{Mine: info(role, offers...), Init: func(string, *wire.ConInfo) error { return nil }}
}

func newMachine(t testing.TB, c Config) *Machine {
	t.Helper()
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// clone returns a copy that shares only what never changes. Slices are clipped,
// so that an append of either copy leaves the other alone.
func (m *Machine) clone() *Machine {
	c := *m
	c.trials, c.held, c.sent.sums = slices.Clip(m.trials), slices.Clip(m.held), slices.Clip(m.sent.sums)
	c.out = nil
	return &c
}
