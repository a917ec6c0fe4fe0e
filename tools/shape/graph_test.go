package shape_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// self is the module's path.
const self = "github.com/tsocket-go/tsocket"

// layers are the packages from the bottom to the top. A package may import
// its own layer and those below it; one that is in no layer, such as this one,
// imports nothing of ours and is imported by nobody.
var layers = []string{
	"internal/sys", "internal/driver", "tevent", "queue", "tsocket", "readv", "precon", "arch", "examples",
}

// users of the layers that are not everybody's.
var users = map[string][]string{
	"internal/sys":    {"internal/sys", "internal/driver", "tevent", "tsocket"},
	"internal/driver": {"tevent", "tsocket"},
}

// foreign modules: where the library itself, or a program, may import them. Tests
// may import all.
var foreign = map[string][]string{
	"golang.org/x/sys":   layers,
	"golang.org/x/net":   {"tevent/teventtest", "examples/dns"},
	"go.uber.org/goleak": {"tevent/teventtest"},
}

func wrongEdges(t *tree) (out []string) {
	for f := range t.in(source) {
		if within(f.dir, "bench", "tools") {
			continue
		}
		for spec, p := range f.imports() {
			if why := wrongEdge(f.dir, p); why != "" {
				out = append(out, f.at(spec.Pos(), "%s", why))
			}
		}
	}
	return out
}

// wrongEdge says what is wrong with the import of p in the package dir, or "".
func wrongEdge(dir, p string) string {
	to, ours := strings.CutPrefix(p, self+"/")
	if !ours {
		return ""
	}
	from, at := layer(dir), layer(to)
	switch {
	case from < 0 || at < 0:
		return fmt.Sprintf("%s imports %s: not in the graph, say there where it belongs", dir, to)
	case from < at:
		return fmt.Sprintf("%s imports %s: upwards", dir, to)
	case layers[at] == "arch" && from == at && sibling(dir) != sibling(to):
		return fmt.Sprintf("%s imports %s: its sibling", dir, to)
	case layers[at] == "examples" && (dir == to || !within(to, dir)): // a program may have parts of its own
		return fmt.Sprintf("%s imports %s: a program", dir, to)
	case strings.HasSuffix(to, "test") && !strings.HasSuffix(dir, "test"):
		return fmt.Sprintf("%s imports %s: for tests only", dir, to)
	case layers[from] == "internal/driver" && to != "internal/sys":
		return fmt.Sprintf("%s imports %s: the driver knows only internal/sys", dir, to)
	case users[layers[at]] != nil && !slices.Contains(users[layers[at]], layers[from]):
		return fmt.Sprintf("%s imports %s: below what it may know", dir, to)
	}
	return ""
}

func layer(dir string) int {
	return slices.IndexFunc(layers, func(l string) bool { return within(dir, l) })
}

// sibling is the "arch/tcp" of "arch/tcp/internal/x".
func sibling(dir string) string {
	parts := strings.SplitN(dir, "/", 3)
	return path.Join(parts[:min(2, len(parts))]...)
}

func foreignImports(t *tree) (out []string) {
	for f := range t.in() {
		if within(f.dir, "bench", "tools") {
			continue
		}
		for spec, p := range f.imports() {
			if why := foreignImport(f, p); why != "" {
				out = append(out, f.at(spec.Pos(), "%s", why))
			}
		}
	}
	return out
}

func foreignImport(f *file, p string) string {
	if within(p, self) || !strings.Contains(strings.Split(p, "/")[0], ".") {
		return ""
	}
	for module, dirs := range foreign {
		if within(p, module) && (f.test() || within(f.dir, dirs...)) {
			return ""
		}
	}
	return fmt.Sprintf("%s imports %s: not a dependency of this package", f.dir, p)
}
