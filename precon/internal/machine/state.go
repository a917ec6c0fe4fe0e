package machine

// State is where one side of a negotiation stands.
type State uint8

// The states. Active: Greet, Hello, Try n, Said n, Release n …, Commit, Up.
// Passive: the same with Idle after Hello and after each Release.
const (
	Greet   State = iota // no frame read yet
	Hello                // peer's VERSION read
	Idle                 // passive: CON_INFOs exchanged, waits for REQ
	Try                  // own half runs, own verdict not sent
	Said                 // own verdict sent, waits for the peer's
	Release              // attempt failed, own half still releases
	Commit               // both OK: own EOF sent, path open for writing
	Up                   // peer's EOF read: what follows is the path's
	Ending               // FAIL sent: drops what comes until FIN or one second
	Down                 // bootstrap closed
	states
)

var stateNames = [states]string{"Greet", "Hello", "Idle", "Try", "Said", "Release", "Commit", "Up", "Ending", "Down"}

// String returns the name used in docs/wire.md.
func (s State) String() string { return stateNames[s] }

// legal lists the transitions; become panics on any other.
var legal = [states][]State{
	Greet:   {Hello, Ending, Down},
	Hello:   {Idle, Try, Said, Ending, Down},
	Idle:    {Try, Said, Ending, Down},
	Try:     {Said, Release, Commit, Ending, Down},
	Said:    {Release, Idle, Try, Commit, Ending, Down},
	Release: {Idle, Try, Ending, Down},
	Commit:  {Up, Down},
	Up:      {Down},
	Ending:  {Down},
}
