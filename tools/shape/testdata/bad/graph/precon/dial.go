package precon

import (
	_ "github.com/tsocket-go/tsocket/arch/tcp"
	_ "github.com/tsocket-go/tsocket/precon/internal/frame"
	_ "github.com/tsocket-go/tsocket/tsocket"
)
