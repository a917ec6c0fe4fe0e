package kernel

import "github.com/tsocket-go/tsocket/internal/sys"

// file is an open file: what descriptors, also those under way in messages,
// stand for.
type file struct {
	obj    object
	refs   int     // descriptors and messages that hold it
	items  []*item // registrations with epolls
	flying int     // those of refs that are messages'; of a unix socket
}

// object is what a file is.
type object interface {
	// poll tells which conditions hold. asked is what the asker is interested
	// in: a look for writing arranges to be told.
	poll(asked sys.Ready) sys.Ready
	// release is called when nothing stands for the file any more.
	release()
	// name is its kind, for lists.
	name() string
}

func (f *file) hold() *file {
	f.refs++
	return f
}

// drop gives one hold back.
func (f *file) drop() {
	f.refs--
	if f.refs > 0 {
		return
	}
	for _, it := range f.items {
		it.dead = true
		it.ep.forget(it)
	}
	f.items = nil
	f.obj.release()
}

// all is the key of a wake-up that every registration may look at.
const all sys.Ready = 0

// wake lets those look who are registered for one of key.
func (f *file) wake(key sys.Ready) {
	for _, it := range f.items {
		if key == all || key&it.events != 0 {
			it.ep.push(it)
		}
	}
}
