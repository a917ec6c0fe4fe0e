package shape_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// unmapped are the packages, of the library and of its tests, that the README's
// map does not name.
func unmapped(t *tree) (out []string) {
	readme, err := os.ReadFile(filepath.Join(t.root, "README.md"))
	if err != nil {
		return []string{err.Error()}
	}
	seen := map[string]bool{}
	for f := range t.in(public) {
		if !seen[f.dir] && !strings.Contains(string(readme), "`"+f.dir+"`") {
			out = append(out, fmt.Sprintf("%s:1: the README's map has no such package", f.dir))
		}
		seen[f.dir] = true
	}
	return out
}
