// Package transfer is what the two halves of the quickstart do once they have
// an endpoint: a client dials, measures round trips and sends bytes there and
// back; a server echoes what one client sends. The program runs it between two
// processes, tests run it in a simulated world.
package transfer
