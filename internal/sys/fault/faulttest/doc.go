// Package faulttest is the table of what the operations of this library come to
// when a call of the system fails: errno → result. The tests over the real
// kernel and those in simulated worlds compare with the same one.
package faulttest
