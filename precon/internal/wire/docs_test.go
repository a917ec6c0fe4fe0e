package wire

import (
	"os"
	"strings"
	"testing"
)

// TestDocsShowTheGoldenVectors keeps docs/wire.md and the golden vectors alike.
func TestDocsShowTheGoldenVectors(t *testing.T) {
	const file = "../../../docs/wire.md"
	vectors, err := os.ReadFile("testdata/frames.hex")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begun := strings.Cut(string(raw), "<!-- begin frames -->\n")
	shown, tail, ended := strings.Cut(rest, "<!-- end frames -->\n")
	if !begun || !ended {
		t.Fatalf("%s has no place for the frames", file)
	}
	want := "```\n" + string(vectors) + "```\n"
	if *update {
		doc := head + "<!-- begin frames -->\n" + want + "<!-- end frames -->\n" + tail
		if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
		shown = want
	}
	if shown != want {
		t.Errorf("%s shows other frames; -update rewrites it", file)
	}
}
