// Package tevent says what it is.
package tevent
