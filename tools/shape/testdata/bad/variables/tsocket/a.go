package tsocket

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// ErrClosed is a value.
var ErrClosed = errors.New("closed")

var (
	names  = map[int]string{1: "one"}
	cache  = map[int]string{}
	last   atomic.Int64
	mu     sync.Mutex
	count  int
	config struct{ limit int }
	wake   = make(chan int, 1)
	shared [4]int
)

var _ io.Reader = (*os.File)(nil)

func bad() *int {
	cache[1] = names[1]
	delete(cache, 1)
	last.Add(1)
	mu.Lock()
	count++
	config.limit = 2
	wake <- 1
	io.EOF = ErrClosed
	return &shared[0]
}

func good() error {
	count := 1
	count++
	for range names {
	}
	return errors.Join(ErrClosed, errors.New(names[count]))
}
