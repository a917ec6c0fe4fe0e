package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Example is the program of the README, running.
func Example() {
	main()
	// Output:
	// once: welcome
	// twice at the same time: [welcome welcome]
	// from a goroutine: welcome <nil>
}

// TestCodeOfTheDocuments shows that what the documents quote is a part of a
// program that runs.
func TestCodeOfTheDocuments(t *testing.T) {
	for doc, programs := range map[string]string{
		"../../README.md":             "*.go",
		"../../docs/tsocket_guide.md": "../*/*.go ../usage/*/*.go ../../tevent/sim/*.go ../../tsocket/tsockettest/*.go",
	} {
		quotes := blocks(read(t, doc), "go")
		if len(quotes) == 0 {
			t.Errorf("%s shows no program", doc)
		}
		sources := sources(t, strings.Fields(programs))
		for _, q := range quotes {
			if !slices.ContainsFunc(sources, func(s string) bool { return strings.Contains(s, flat(q)) }) {
				t.Errorf("%s: this is in no program:\n%s", doc, q)
			}
		}
	}
}

// TestProgramOfTheReadmeIsShort keeps the promise of its heading.
func TestProgramOfTheReadmeIsShort(t *testing.T) {
	lines := slices.DeleteFunc(strings.Split(blocks(read(t, "../../README.md"), "go")[0], "\n"), func(l string) bool {
		return strings.TrimSpace(l) == ""
	})
	if len(lines) > 20 {
		t.Errorf("%d lines", len(lines))
	}
}

var mention = regexp.MustCompile("`(?:go run )?(?:\\./)?((?:examples|arch|precon|internal|tevent|queue|tsocket|readv|docs|bench)(?:/[a-z_.]+)*)`")

// TestDocumentsNameWhatExists looks for every directory and file that a
// document names.
func TestDocumentsNameWhatExists(t *testing.T) {
	for _, doc := range []string{"README.md", "docs/tsocket_guide.md"} {
		for _, m := range mention.FindAllStringSubmatch(read(t, "../../"+doc), -1) {
			if _, err := os.Stat("../../" + m[1]); err != nil {
				t.Errorf("%s names %s: %v", doc, m[1], err)
			}
		}
	}
}

// blocks are the fenced parts of a document in a language.
func blocks(doc, language string) (out []string) {
	for _, part := range strings.Split(doc, "\n```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		out = append(out, block)
	}
	return out
}

// flat is code without its indentation and empty lines.
func flat(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// sources are the programs that match any of the patterns.
func sources(t *testing.T, patterns []string) (out []string) {
	for _, p := range patterns {
		names, err := filepath.Glob(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			out = append(out, flat(read(t, name)))
		}
	}
	return out
}

func read(t *testing.T, name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
