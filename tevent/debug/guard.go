package debug

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// secure lets a browser do with an answer only what the page needs, and no other
// page read it.
func (h *Handler) secure(to http.Header) {
	to.Set("Content-Security-Policy", h.page.policy)
	to.Set("X-Content-Type-Options", "nosniff")
	to.Set("X-Frame-Options", "DENY")
	to.Set("Referrer-Policy", "no-referrer")
	to.Set("Cross-Origin-Resource-Policy", "same-origin")
	to.Set("Cross-Origin-Opener-Policy", "same-origin")
	to.Set("Cache-Control", "no-store")
}

// admitted reports whether a request may be answered, and refuses it otherwise.
func admitted(w http.ResponseWriter, r *http.Request, hosts []string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return false
	}
	if !known(r, hosts) {
		http.Error(w, "Host is neither loopback, nor the address of this server, nor one of debug.Config.Hosts", http.StatusForbidden)
		return false
	}
	return true
}

// known reports whether the Host of r is one under which the page is meant to
// be found.
func known(r *http.Request, hosts []string) bool {
	host := hostname(r.Host)
	if strings.EqualFold(host, "localhost") || slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return ip.Unmap().IsLoopback() || ip.Unmap() == local(r)
}

// hostname is the Host without port and brackets.
func hostname(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		return h
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
}

// local is the address on which the request came in; the zero Addr if it came
// otherwise.
func local(r *http.Request) netip.Addr {
	if a, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

func send(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
