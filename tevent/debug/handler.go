package debug

import (
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/tsocket-go/tsocket/tevent"
)

// Config is how contexts are watched and who may look. The zero Config is
// sensible.
type Config struct {
	Hosts  []string      // further names in a request's Host, without port
	Slow   time.Duration // from here on a callback is slow; 0 is 10 ms
	Sample int           // one turn in so many is traced in full; 0 is 32, 1 is each
	Events int           // how many the trace of a context keeps, of 72 bytes; 0 is 16384
	Places bool          // Add turns tracking on: 0.2 µs more for each request and timer
	Wait   time.Duration // how long a loop may take to answer; 0 is 500 ms
}

// Handler is the page of some contexts. It is safe for concurrent use.
type Handler struct {
	config Config // immutable
	page   page   // immutable

	mu      sync.Mutex
	watches []*watch // in the order of Add
}

// New returns the page of no context yet.
func New(c Config) *Handler {
	c.Slow = orDefault(c.Slow, 10*time.Millisecond)
	c.Sample = orDefault(c.Sample, 32)
	c.Events = orDefault(c.Events, 16384)
	c.Wait = orDefault(c.Wait, 500*time.Millisecond)
	return &Handler{config: c, page: newPage()}
}

func orDefault[T int | time.Duration](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

// Add shows ev from now on under the given name and takes its trace; it tells
// the trace function that was there before, which then gets all of every turn,
// as without the page. Names tell contexts apart on the page. It is called on the
// goroutine that runs ev.
func (h *Handler) Add(name string, ev *tevent.Context) {
	w := newWatch(name, ev, h.config)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watches = append(h.watches, w)
}

// Remove forgets ev and gives its trace back to who had it at Add; what was
// chained since is unhooked with it. It is called on the goroutine that runs ev,
// also when ev is closed.
func (h *Handler) Remove(ev *tevent.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, w := range slices.Backward(h.watches) { // each gives the trace back to the one before
		if w.ev == ev {
			w.leave()
			h.watches = slices.Delete(h.watches, i, i+1)
		}
	}
}

// all is a copy of the list.
func (h *Handler) all() []*watch {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.watches)
}

// ServeHTTP answers as the package's documentation says.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.secure(w.Header())
	if !admitted(w, r, h.config.Hosts) {
		return
	}
	format := r.URL.Query().Get("format")
	if path.Base(r.URL.Path) == "trace.json" {
		format = "trace"
	}
	switch format {
	case "":
		send(w, r, "text/html; charset=utf-8", h.page.html)
	case "json":
		sendJSON(w, r, h.state(r.Context()))
	case "trace":
		d, ok := recording(r.URL.Query().Get("seconds"))
		if !ok {
			http.Error(w, "seconds is a number above 0", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Disposition", `attachment; filename="trace.json"`)
		sendJSON(w, r, h.trace(r.Context(), d))
	default:
		http.Error(w, "format is json or trace", http.StatusBadRequest)
	}
}

func sendJSON(w http.ResponseWriter, r *http.Request, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, r, "application/json", b)
}
