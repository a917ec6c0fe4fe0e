package main

import (
	_ "github.com/tsocket-go/tsocket/arch/tcp"
	_ "github.com/tsocket-go/tsocket/examples/echo/part"
	_ "github.com/tsocket-go/tsocket/examples/proxy/part"
	_ "github.com/tsocket-go/tsocket/internal/sys"
)
