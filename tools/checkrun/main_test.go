package main

import (
	"strings"
	"testing"
)

func TestOnlyACleanTransferPasses(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	good := `{"path":"self","bytes":10,"sha256_sent":"` + hash + `","sha256_received":"` + hash + `","leaked":0}`
	if err := check(strings.NewReader("some words\n" + good + "\n")); err != nil {
		t.Error(err)
	}
	bad := map[string]string{
		"nothing":         "",
		"not at the end":  good + "\nbye",
		"no path":         strings.Replace(good, "self", "", 1),
		"no bytes":        strings.Replace(good, ":10", ":0", 1),
		"another hash":    strings.Replace(good, "0a", "0b", 1),
		"a leak":          strings.Replace(good, `ed":0`, `ed":1`, 1),
		"not a word":      strings.Replace(good, `,"leaked":0`, "", 1),
		"hashes are gone": strings.ReplaceAll(good, hash, ""),
	}
	for name, out := range bad {
		if check(strings.NewReader(out)) == nil {
			t.Errorf("%s: passed", name)
		}
	}
}
