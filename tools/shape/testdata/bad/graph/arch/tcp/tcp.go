package tcp

import (
	_ "github.com/tsocket-go/tsocket/arch/self"
	_ "github.com/tsocket-go/tsocket/arch/tcp/internal/probe"
	_ "github.com/tsocket-go/tsocket/internal/sys"
	_ "github.com/tsocket-go/tsocket/precon"
)
