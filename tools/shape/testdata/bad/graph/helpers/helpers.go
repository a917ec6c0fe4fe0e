package helpers

import _ "github.com/tsocket-go/tsocket/tevent"
