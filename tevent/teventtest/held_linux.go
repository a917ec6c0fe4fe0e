package teventtest

import (
	"testing"

	"github.com/tsocket-go/tsocket/internal/sys/linux"
)

func descriptors(t testing.TB) map[int]string {
	t.Helper()
	fds, err := linux.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	return fds
}

func mappings(t testing.TB) []string {
	t.Helper()
	mapped, err := linux.Mappings()
	if err != nil {
		t.Fatal(err)
	}
	return mapped
}
