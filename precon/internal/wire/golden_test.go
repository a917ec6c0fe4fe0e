package wire

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden vectors")

// TestBytesOnTheWireNeverChange compares every frame with its golden vector.
func TestBytesOnTheWireNeverChange(t *testing.T) {
	const file = "testdata/frames.hex"
	var b strings.Builder
	for _, s := range samples() {
		fmt.Fprintf(&b, "%s\n", s.name)
		for raw := s.frame.Bytes(); len(raw) > 0; {
			n := min(32, len(raw))
			fmt.Fprintf(&b, "    %x\n", raw[:n])
			raw = raw[n:]
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("frames differ from %s (read the diff, then -update):\n%s", file, b.String())
	}
}
