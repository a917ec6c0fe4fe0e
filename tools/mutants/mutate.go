package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// mutate runs the tests against each mechanical change.
func mutate(s settings, dir string) error {
	all, err := choose(s.root, s.match, s.count, s.seed)
	if err != nil {
		return err
	}
	overlay, err := weave(s.root, dir, all)
	if err != nil {
		return err
	}
	var suite []binary
	for _, pkg := range s.tests {
		b, err := compile(s, dir, overlay, pkg)
		if err != nil {
			return err
		}
		if err := b.measure(s); err != nil {
			return err
		}
		suite = append(suite, b)
	}
	if s.only > 0 {
		return one(s, suite, all)
	}
	var survivors []site
	began := time.Now()
	for i, at := range all {
		if i+1 < s.from {
			continue
		}
		by := judge(s, nearest(suite, at), i+1, false)
		fmt.Printf("%3d %s\n      %s\n", i+1, at, by)
		if by == "" {
			survivors = append(survivors, at)
		}
	}
	return verdict(s, len(all)-s.from+1, survivors, time.Since(began))
}

// nearest puts the tests of the changed package first.
func nearest(suite []binary, at site) []binary {
	out := slices.Clone(suite)
	slices.SortStableFunc(out, func(a, b binary) int { return far(a, at) - far(b, at) })
	return out
}

func far(b binary, at site) int {
	if b.pkg == filepath.Dir(at.file) {
		return 0
	}
	return 1
}

// judge is what caught the change: the package and the test; "" if nothing did.
func judge(s settings, suite []binary, mutant int, loud bool) string {
	for _, b := range suite {
		failed, out := b.caught(s, mutant)
		if loud {
			fmt.Println(out)
		}
		if failed {
			return b.pkg + ": " + reason(out)
		}
	}
	return ""
}

// one runs a single change, with all that its tests print.
func one(s settings, suite []binary, all []site) error {
	if s.only > len(all) {
		return fmt.Errorf("there are %d", len(all))
	}
	fmt.Println(all[s.only-1])
	by := judge(s, suite, s.only, true)
	if by == "" {
		return fmt.Errorf("survived")
	}
	fmt.Println(by)
	return nil
}

func verdict[T fmt.Stringer](s settings, n int, survivors []T, took time.Duration) error {
	share := 100 * float64(len(survivors)) / float64(max(n, 1))
	fmt.Printf("\n%d changes, %d caught, %d survived (%.1f %%), in %v\n", n, n-len(survivors), len(survivors), share, took.Round(time.Second))
	for _, at := range survivors {
		fmt.Println("survived:", at)
	}
	if share > s.allowed {
		return fmt.Errorf("more than %.0f %% survived", s.allowed)
	}
	return nil
}
