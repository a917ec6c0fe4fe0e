//go:build !linux

package teventtest

import "testing"

func descriptors(testing.TB) map[int]string { return nil }

func mappings(testing.TB) []string { return nil }
