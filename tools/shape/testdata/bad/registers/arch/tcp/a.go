package tcp

import (
	_ "embed"
	. "fmt"
	_ "image/png"
)

func init() { Println() }

type t struct{}

func (t) init() {}
