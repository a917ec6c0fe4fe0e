package debug

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestOnlyThoseWhoAskForThisHostAreAnswered is against pages from elsewhere that
// give their own name the address of this one.
func TestOnlyThoseWhoAskForThisHostAreAnswered(t *testing.T) {
	h := New(Config{Hosts: []string{"box.lan"}})
	for _, c := range []struct {
		host  string
		local string // where the request came in
		want  int
	}{
		{"localhost", "127.0.0.1", 200},
		{"LOCALHOST:6060", "127.0.0.1", 200},
		{"127.0.0.1:6060", "127.0.0.1", 200},
		{"127.1.2.3", "127.0.0.1", 200},
		{"[::1]:6060", "::1", 200},
		{"[::1]", "::1", 200},
		{"[::ffff:127.0.0.1]:6060", "::1", 200},
		{"192.0.2.7:6060", "192.0.2.7", 200},
		{"192.0.2.7:6060", "::ffff:192.0.2.7", 200},
		{"[2001:db8::1]:6060", "2001:db8::1", 200},
		{"box.lan", "192.0.2.7", 200},
		{"BOX.lan:6060", "192.0.2.7", 200},
		{"evil.example", "127.0.0.1", 403},
		{"evil.example:6060", "127.0.0.1", 403},
		{"localhost.evil.example", "127.0.0.1", 403},
		{"127.0.0.1.evil.example", "127.0.0.1", 403},
		{"sub.box.lan", "192.0.2.7", 403},
		{"192.0.2.8:6060", "192.0.2.7", 403},
		{"192.0.2.7:6060", "", 403},
		{"0.0.0.0:6060", "", 403},
		{"", "127.0.0.1", 403},
		{":6060", "127.0.0.1", 403},
		{"localhost:", "", 200},
	} {
		r := httptest.NewRequest("GET", "http://localhost/?format=json", nil)
		r.Host = c.host
		if c.local != "" {
			addr := &net.TCPAddr{IP: net.ParseIP(c.local), Port: 6060}
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, addr))
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("Host %q on %q: %d, want %d", c.host, c.local, w.Code, c.want)
		}
		if c.want == 403 && strings.Contains(w.Body.String(), "contexts") {
			t.Errorf("Host %q is refused and told %s", c.host, w.Body)
		}
	}
}

func TestOnlyGetAndHead(t *testing.T) {
	h := New(Config{})
	for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "DELETE": 405, "OPTIONS": 405, "CONNECT": 405} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "http://localhost/", nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", method, w.Code, want)
		}
		if want == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: Allow %q", method, w.Header().Get("Allow"))
		}
		if method == "HEAD" && (w.Body.Len() > 0 || w.Header().Get("Content-Length") == "") {
			t.Errorf("HEAD: %d bytes, Content-Length %q", w.Body.Len(), w.Header().Get("Content-Length"))
		}
	}
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, ask := range []string{"/?format=xml", "/trace.json?seconds=two", "/trace.json?seconds=-1", "/trace.json?seconds=NaN"} {
		w := httptest.NewRecorder()
		New(Config{}).ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+ask, nil))
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", ask, w.Code)
		}
	}
}

func TestBrowserMayDoWithThePageOnlyWhatItNeeds(t *testing.T) {
	r := get(t, New(Config{}), "/debug/")
	page, policy := r.Body.String(), r.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in the policy %q", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	for _, tag := range []string{"script", "style"} {
		inside := regexp.MustCompile(`(?s)<` + tag + `>(.*)</` + tag + `>`).FindStringSubmatch(page)
		if inside == nil {
			t.Fatalf("no %s in the page", tag)
		}
		sum := sha256.Sum256([]byte(inside[1]))
		if want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q does not know the %s: %s", policy, tag, want)
		}
	}
	for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer", "Content-Type": "text/html; charset=utf-8"} {
		if got := r.Header().Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}

// TestPageNeedsNothingFromElsewhere holds page, style and script against what
// would load something, take text for markup, or put style into the markup,
// where the policy forbids it.
func TestPageNeedsNothingFromElsewhere(t *testing.T) {
	page := strings.ReplaceAll(get(t, New(Config{}), "/").Body.String(), "http://www.w3.org/2000/svg", "the name of SVG")
	for _, never := range []string{"http:", "https:", "//cdn", "@import", "url(", " src=", "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", " style=", " onclick="} {
		if strings.Contains(page, never) {
			t.Errorf("%q is in the page", never)
		}
	}
}

func TestListenTakesLoopbackUnlessToldOtherwise(t *testing.T) {
	l, err := Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		t.Errorf("without a host it listens on %v", l.Addr())
	}
	if _, err := Listen("6060"); err == nil {
		t.Error("an address without port is taken")
	}
	all, err := Listen("0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	if !all.Addr().(*net.TCPAddr).IP.IsUnspecified() {
		t.Errorf("0.0.0.0 is %v", all.Addr())
	}
}
