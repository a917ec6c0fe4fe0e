package tevent

import (
	_ "github.com/tsocket-go/tsocket/internal/driver"
	_ "github.com/tsocket-go/tsocket/internal/sys/linux"
	_ "github.com/tsocket-go/tsocket/tevent/teventtest"
	_ "github.com/tsocket-go/tsocket/tsocket"
)
