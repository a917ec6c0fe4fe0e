//go:build linux

package linux

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Descriptors lists the open descriptors of the process with what each stands
// for, such as "socket:[4711]": the number in brackets is the inode. The one
// that reads the list is not in it.
func Descriptors() (map[int]string, error) {
	const dir = "/proc/self/fd"
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	held := make(map[int]string, len(names))
	for _, n := range names {
		fd, err := strconv.Atoi(n.Name())
		if err != nil {
			return nil, err
		}
		if to, err := os.Readlink(filepath.Join(dir, n.Name())); err == nil { // else it is closed by now
			held[fd] = to
		}
	}
	return held, nil
}

// Mappings lists the memory that the process shares with others or could
// share: the lines of /proc/self/maps that are shared or of a memfd.
func Mappings() ([]string, error) {
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	var held []string
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) >= 5 && (strings.HasSuffix(f[1], "s") || len(f) > 5 && strings.HasPrefix(f[5], "/memfd:")) {
			held = append(held, strings.TrimSpace(line))
		}
	}
	return held, nil
}
