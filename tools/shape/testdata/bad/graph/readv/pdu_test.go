package readv_test

import _ "github.com/tsocket-go/tsocket/precon"
