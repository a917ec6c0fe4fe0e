//go:build browser

package debug_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsocket-go/tsocket/tevent/debug"
)

// viewer is a page with the trace viewer that comes with Go, Chrome's own; it
// imports trace.json and says what it has found.
const viewer = `<!doctype html><html><head><script src="/static/webcomponents.min.js"></script>
<link rel="import" href="/static/trace_viewer_full.html"></head><body><pre id="found"></pre><script>
addEventListener("load", async () => {
	const say = text => document.getElementById("found").textContent += text + "\n";
	try {
		const json = await (await fetch("/trace.json")).text();
		while (!window.tr || !tr.importer || !tr.importer.Import) await new Promise(r => setTimeout(r, 50));
		const m = new tr.Model();
		new tr.importer.Import(m).importTraces([json]);
		m.importWarnings.forEach(w => say("warning " + w.type + ": " + w.message));
		for (const t of m.getAllThreads()) {
			say("thread " + t.name + ": " + (t.sliceGroup.length > 9 ? "slices" : t.sliceGroup.length) + ", unfinished "
				+ t.sliceGroup.slices.filter(s => s.didNotFinish).length);
			new Set(t.sliceGroup.slices.map(s => s.title)).forEach(n => say(t.name + " slice " + n));
			new Set(t.asyncSliceGroup.slices.map(s => s.title)).forEach(n => say(t.name + " request " + n));
		}
		say("imported");
	} catch (err) { say("error " + err); }
});
</script></body></html>`

// TestBrowserImportsTheTrace gives the trace of a busy program to Chrome's trace
// viewer.
func TestBrowserImportsTheTrace(t *testing.T) {
	d := debug.New(debug.Config{Sample: 2})
	town(t, d)
	browse(t, serve(t, d), "--dump-dom") // until something has happened
	mux := http.NewServeMux()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	static := filepath.Join(strings.TrimSpace(string(root)), "src/internal/trace/traceviewer/static")
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir(static))))
	mux.Handle("/trace.json", d)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, viewer) })
	s := httptest.NewServer(mux)
	defer s.Close()
	dom := browse(t, s.URL, "--dump-dom", "--virtual-time-budget=20000")
	_, found, _ := strings.Cut(dom, `<pre id="found">`)
	found, _, _ = strings.Cut(found, "</pre>")
	for _, want := range []string{"thread market: slices, unfinished 0", "thread imports", "market slice turn", "market slice wait",
		"market slice sleep", "market request send", "market request sleep", "imported"} {
		if !strings.Contains(found, want) {
			t.Errorf("the viewer has no %q", want)
		}
	}
	if strings.Contains(found, "warning") || strings.Contains(found, "error") || t.Failed() {
		t.Errorf("the viewer says:\n%s", found)
	}
}
