package machine

import (
	"os"
	"strings"
	"testing"
)

// TestDocsShowTheGoldenTable keeps docs/wire.md and the golden table alike.
func TestDocsShowTheGoldenTable(t *testing.T) {
	const file = "../../../docs/wire.md"
	table, err := os.ReadFile("testdata/state_table.txt")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begun := strings.Cut(string(raw), "<!-- begin state table -->\n")
	shown, tail, ended := strings.Cut(rest, "<!-- end state table -->\n")
	if !begun || !ended {
		t.Fatalf("%s has no place for the state table", file)
	}
	want := "```\n" + strings.TrimSuffix(string(table), "\n") + "```\n"
	if *update {
		doc := head + "<!-- begin state table -->\n" + want + "<!-- end state table -->\n" + tail
		if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
		shown = want
	}
	if shown != want {
		t.Errorf("%s shows another state table; -update rewrites it", file)
	}
}
