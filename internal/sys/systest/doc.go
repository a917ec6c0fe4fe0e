// Package systest is the contract of package sys as tests: what every Kernel,
// Poller and Host over a real system has to do. A package that has them runs
// Run over its constructors.
package systest
