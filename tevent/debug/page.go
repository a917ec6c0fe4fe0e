package debug

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
)

//go:embed page.html
var pageHTML []byte

//go:embed page.css
var pageCSS []byte

//go:embed page.js
var pageJS []byte

// page is one HTML file that holds all it needs.
type page struct {
	html   []byte
	policy string // of security: what the file may do
}

// newPage puts style and script into their places. The policy knows them by
// their hashes, so that nothing else can run, whatever a name contains.
func newPage() page {
	html := bytes.Replace(pageHTML, []byte("/*style*/"), pageCSS, 1)
	html = bytes.Replace(html, []byte("/*script*/"), pageJS, 1)
	return page{html, "default-src 'none'; connect-src 'self'; img-src data:; script-src " + source(pageJS) +
		"; style-src " + source(pageCSS) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}
}

// source names an inline script or style in a policy.
func source(b []byte) string {
	sum := sha256.Sum256(b)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
