package usage

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEveryProgramHasATest(t *testing.T) {
	programs, err := filepath.Glob("*/main.go")
	if err != nil || len(programs) == 0 {
		t.Fatal(programs, err)
	}
	for _, name := range programs {
		if _, err := os.Stat(filepath.Join(filepath.Dir(name), "main_test.go")); err != nil {
			t.Error(err)
		}
	}
}
