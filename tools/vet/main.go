// Vet is go vet of the library for other systems: every package with its tests,
// by the same analyzers. It reads Go's own library from its sources, where the go
// command compiles that and vets it in turn, once for each system.
//
//	go run ./vet linux/386 darwin/arm64
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/suite/vet"
	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) == 1 {
		log.Fatal("vet: which systems? GOOS/GOARCH ...")
	}
	bad := 0
	for _, port := range os.Args[1:] {
		n, err := check("..", port)
		if err != nil {
			log.Fatalf("vet: %s: %v", port, err)
		}
		fmt.Printf("%s: %d complaints\n", port, n)
		bad += n
	}
	if bad > 0 {
		os.Exit(1)
	}
}

// check prints what is wrong with the module at dir on a port, GOOS/GOARCH, and
// counts it.
func check(dir, port string) (complaints int, err error) {
	pkgs, err := load(dir, port)
	if err != nil {
		return 0, err
	}
	if n := packages.PrintErrors(pkgs); n > 0 {
		return n, nil // analyzers want types
	}
	g, err := checker.Analyze(vet.Suite, pkgs, nil)
	if err != nil {
		return 0, err
	}
	for act := range g.All() {
		if act.Err != nil {
			return 0, act.Err
		}
		if act.IsRoot {
			complaints += len(act.Diagnostics)
		}
	}
	return complaints, g.PrintText(os.Stdout, 0)
}

func load(dir, port string) ([]*packages.Package, error) {
	system, arch, ok := strings.Cut(port, "/")
	if !ok {
		return nil, fmt.Errorf("want GOOS/GOARCH")
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode:  packages.LoadAllSyntax | packages.NeedModule,
		Dir:   dir,
		Env:   append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0"),
		Tests: true,
	}, "./...")
	if err == nil && len(pkgs) == 0 {
		err = fmt.Errorf("no packages in %s", dir)
	}
	return pkgs, err
}
