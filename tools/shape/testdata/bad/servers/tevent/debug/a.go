package debug

import "net/http"

var _ = http.Error // this may
