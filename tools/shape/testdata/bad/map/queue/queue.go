// Package queue is in the map.
package queue
