// Package readv is not in the map.
package readv
