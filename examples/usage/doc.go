// Package usage holds what a new user writes: small programs that run on
// loopback, print their result, and end, having looked for what they leaked.
//
//	echo    a server and its clients on one event context
//	rpc     many calls in flight on one stream, each with its own deadline
//	retry   back-off and redial: Handle lets the step decide
//	proxy   half-close in both directions, and bounded memory
//	drain   a server that ends in order on SIGTERM
//	await   ordinary goroutines with a context.Context
//	rights  an open descriptor goes to the other end of a unix socket
//	errors  every way to fail, and what errors.Is finds in it
package usage
