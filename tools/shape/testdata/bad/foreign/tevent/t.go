package tevent

import (
	_ "go.uber.org/goleak"
	_ "golang.org/x/net/context"
	_ "golang.org/x/sys/unix"
	_ "net/http"
)
