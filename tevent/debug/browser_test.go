//go:build browser

package debug_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tsocket-go/tsocket/tevent/debug"
)

var screenshot = flag.String("screenshot", "", "keep the browser's picture of the page at this `path`")

// browse lets a real browser load the page for a while of its own time and
// returns what came of it. With dark it prefers dark pages.
func browse(t *testing.T, url string, args ...string) string {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--user-data-dir=" + t.TempDir(), "--virtual-time-budget=3500"}, args...)
	cmd := exec.CommandContext(ctx, browser, append(args, url)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return string(out)
}

// serve serves d on the loopback interface until the end of the test.
func serve(t *testing.T, d *debug.Handler) string {
	t.Helper()
	l, err := debug.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: d}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Close()
		<-served
	})
	return "http://" + l.Addr().String() + "/"
}

// state is the data of the page at url.
func state(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url + "?format=json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBrowserShowsWhatGoesOn loads the page of a busy program, of which one loop
// is stuck, and reads what the script made of it.
func TestBrowserShowsWhatGoesOn(t *testing.T) {
	d := debug.New(debug.Config{Places: true})
	town(t, d)
	url := serve(t, d)
	for !strings.Contains(state(t, url), `"status":"silent"`) { // each look waits a while for a loop that does not answer
	}
	dom := browse(t, url+"#imports", "--dump-dom") + browse(t, url+"#market", "--dump-dom")
	for script, end := strings.Index(dom, "<script>"), 0; script >= 0; script = strings.Index(dom, "<script>") {
		end = strings.Index(dom, "</script>")
		dom = dom[:script] + dom[end+len("</script>"):]
	}
	for _, want := range []string{
		"“imports” has not answered for", "debug_test.(*market).stalled", // the stuck loop and where it stands
		"market", "client", "× 200", "waiting for bytes", // the tree
		"town_test.go:", "orders", "returns", // places, queues
		"&lt;script&gt;document.title", // a name is text
		`aria-selected="true"`, "turns/s",
	} {
		if !strings.Contains(dom, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, never := range []string{"NaN", "undefined", "[object", "<title>owned</title>", "does not answer ("} {
		if strings.Contains(dom, never) {
			t.Errorf("%q is on the page", never)
		}
	}
	if t.Failed() {
		t.Log(dom)
	}
	picture(t, url)
}

func picture(t *testing.T, url string) {
	t.Helper()
	to := *screenshot
	if to == "" {
		to = filepath.Join(t.TempDir(), "page.png")
	}
	to, err := filepath.Abs(to)
	if err != nil {
		t.Fatal(err)
	}
	browse(t, url+"#market", "--screenshot="+to, "--window-size=1280,1120")
	browse(t, url, "--screenshot="+strings.TrimSuffix(to, ".png")+"-dark.png", "--window-size=1280,1120", "--blink-settings=preferredColorScheme=0")
	if info, err := os.Stat(to); err != nil || info.Size() < 20_000 {
		t.Errorf("the picture: %v, %v", info, err)
	}
}
