package precon

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/precon/internal/wire"
)

var update = flag.Bool("update", false, "rewrite what docs/wire.md shows")

// The golden vector of PROBE stands in the docs.
func TestDocsShowTheProbe(t *testing.T) {
	const file, begin, end = "../docs/wire.md", "<!-- begin probe -->\n", "<!-- end probe -->\n"
	var active, passive wire.ID
	copy(active[:], bytes.Repeat([]byte{3}, len(active)))
	copy(passive[:], bytes.Repeat([]byte{4}, len(passive)))
	h := hex.EncodeToString(probeFrame([]byte("secret"), active, passive, 2, wire.Active).Bytes())
	want := "```\nPROBE of the active side in attempt 2 under \"secret\", nonces all 03 and all 04\n" +
		"    " + h[:64] + "\n    " + h[64:] + "\n```\n"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begun := strings.Cut(string(raw), begin)
	shown, tail, ended := strings.Cut(rest, end)
	if !begun || !ended {
		t.Fatalf("%s has no place for the PROBE", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		shown = want
	}
	if shown != want {
		t.Errorf("%s shows another PROBE; -update rewrites it:\n%s", file, want)
	}
}
