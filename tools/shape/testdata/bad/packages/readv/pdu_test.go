// Package readv has only tests, and they do not count.
package readv
