package shape_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var constant = regexp.MustCompile(`^[A-Z0-9_]+$`)

// harmless are names of syscall and x/sys/unix, beside the constants, that do
// nothing.
var harmless = []string{"Errno", "Signal", "Conn", "RawConn"}

func systemCalls(t *tree) (out []string) {
	for f := range t.in(above) {
		for s := range f.uses("syscall", "golang.org/x/sys") {
			if !constant.MatchString(s.Sel.Name) && !slices.Contains(harmless, s.Sel.Name) {
				out = append(out, f.at(s.Pos(), "%s.%s above internal/sys", s.X, s.Sel.Name))
			}
		}
	}
	return out
}

// deeds are the functions of os and net that act: all that begin so.
var deeds = regexp.MustCompile(`^(Open|Create|Read|Write|Mkdir|Remove|Rename|Link|Symlink|Truncate|Ch|Stat|Lstat|Pipe` +
	`|NewFile|StartProcess|Exit|Getpid|Hostname|Dial|Listen|Lookup|Resolve|File|Interface|Std)`)

// values are types and methods' homes that deeds would take for functions.
var values = []string{"FileInfo", "FileMode", "Listener", "Resolver", "Interface"}

// pages is the package that answers browsers, on goroutines that are not a loop's.
const pages = "tevent/debug"

func servers(t *tree) (out []string) {
	for f := range t.in(library) {
		for spec, p := range f.imports() {
			if within(p, "net/http") && f.dir != pages {
				out = append(out, f.at(spec.Pos(), "imports %s: only %s serves pages", p, pages))
			}
		}
	}
	return out
}

func systemUse(t *tree) (out []string) {
	for f := range t.in(above) {
		for spec, p := range f.imports() {
			if within(p, "os/exec", "os/signal", "plugin") {
				out = append(out, f.at(spec.Pos(), "imports %s above internal/sys", p))
			}
		}
		for s := range f.uses("os", "net") {
			name := s.Sel.Name
			if f.dir == pages && name == "Listen" {
				continue
			}
			if importedAs(f, s, "os", "net") && deeds.MatchString(name) && !slices.Contains(values, name) {
				out = append(out, f.at(s.Pos(), "%s.%s above internal/sys", s.X, name))
			}
		}
	}
	return out
}

// importedAs keeps net/netip and os/user apart from net and os.
func importedAs(f *file, s *ast.SelectorExpr, pkgs ...string) bool {
	for spec, p := range f.imports() {
		if localName(spec, p) == s.X.(*ast.Ident).Name {
			return slices.Contains(pkgs, p)
		}
	}
	return false
}

func clocks(t *tree) []string {
	forbidden := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	return mentions(t, "time", forbidden, "ask the event context")
}

func pools(t *tree) []string {
	return mentions(t, "sync", []string{"Pool"}, "let the owner keep what it reuses")
}

func branches(t *tree) (out []string) {
	for f := range t.in(library) {
		for s := range f.uses("runtime") {
			if s.Sel.Name == "GOOS" || s.Sel.Name == "GOARCH" {
				out = append(out, f.at(s.Pos(), "runtime.%s: a file suffix chooses the mechanism", s.Sel.Name))
			}
		}
	}
	return out
}

func mentions(t *tree, pkg string, names []string, instead string) (out []string) {
	for f := range t.in(above) {
		for s := range f.uses(pkg) {
			if slices.Contains(names, s.Sel.Name) {
				out = append(out, f.at(s.Pos(), "%s.%s above internal/sys: %s", s.X, s.Sel.Name, instead))
			}
		}
	}
	return out
}

// chance allows sources that are seeded by the caller: rand.New, rand.NewPCG.
func chance(t *tree) (out []string) {
	for f := range t.in(above) {
		for spec, p := range f.imports() {
			if p == "crypto/rand" {
				out = append(out, f.at(spec.Pos(), "imports %s above internal/sys", p))
			}
		}
		for s := range f.uses("math/rand") {
			seeded := strings.HasPrefix(s.Sel.Name, "New") || slices.Contains([]string{"Rand", "Source", "PCG", "ChaCha8"}, s.Sel.Name)
			if !seeded {
				out = append(out, f.at(s.Pos(), "%s.%s above internal/sys: ask the event context", s.X, s.Sel.Name))
			}
		}
	}
	return out
}

func goroutines(t *tree) (out []string) {
	for f := range t.in(above) {
		for g := range nodes[*ast.GoStmt](f) {
			out = append(out, f.at(g.Pos(), "a go statement above internal/sys"))
		}
	}
	return out
}

// registrations finds what happens to a program that merely imports us.
func registrations(t *tree) (out []string) {
	for f := range t.in(library) {
		for spec, p := range f.imports() {
			if spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_" && p != "embed") {
				out = append(out, f.at(spec.Pos(), "import %s %s", spec.Name, strconv.Quote(p)))
			}
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				out = append(out, f.at(fn.Pos(), "func init"))
			}
		}
	}
	return out
}
