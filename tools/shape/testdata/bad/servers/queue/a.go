package queue

import (
	"net/http"
	"net/http/pprof"
)

var _, _ = http.Get, pprof.Index
