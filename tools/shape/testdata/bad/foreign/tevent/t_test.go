package tevent

import (
	_ "github.com/stretchr/testify/assert"
	_ "go.uber.org/goleak"
)
