package driver

import (
	_ "github.com/tsocket-go/tsocket/internal/sys"
	_ "github.com/tsocket-go/tsocket/internal/sys/linux"
)
