package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What only one system compiles is wrong there and nowhere else: by its types, and
// by what an analyzer says.
func TestComplaintsAreThoseOfThePort(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":       "module wrong\n\ngo 1.25\n",
		"right.go":     "package wrong\n\nimport \"fmt\"\n\nfunc Right() { fmt.Printf(\"%d\", 1) }\n",
		"a_windows.go": "package wrong\n\nimport \"fmt\"\n\nfunc Wrong() { fmt.Printf(\"%d\", \"one\") }\n",
		"a_darwin.go":  "package wrong\n\nfunc Wrong() int { return \"one\" }\n",
		"a_386.go":     "package wrong\n\nconst Wrong int = 1 << 40\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for port, want := range map[string]int{"windows/amd64": 1, "darwin/arm64": 1, "linux/386": 1, "linux/arm64": 0} {
		if n, err := check(dir, port); n != want || err != nil {
			t.Errorf("%s: %d complaints, %v, want %d", port, n, err, want)
		}
	}
}
