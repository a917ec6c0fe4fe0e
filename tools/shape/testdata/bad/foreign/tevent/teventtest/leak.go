package teventtest

import _ "go.uber.org/goleak"
