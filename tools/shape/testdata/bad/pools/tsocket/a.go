package tsocket

import "sync"

type buffers struct {
	mu   sync.Mutex
	free sync.Pool
}
