package tsocket

import "github.com/tsocket-go/tsocket/internal/driver"

// sockWatch tells one direction when its socket is ready.
type sockWatch struct {
	driver.IO
	h *handlers
	d *handler
}

func (w *sockWatch) init(h *handlers, d *handler) {
	w.h, w.d = h, d
	w.Owner = w
}

// Prepare is for transfers; a wait has no buffers.
func (w *sockWatch) Prepare(*driver.IO) {}

// Finished says that the socket may be ready.
func (w *sockWatch) Finished(*driver.IO) { w.h.tell(w.d) }
