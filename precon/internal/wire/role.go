package wire

// Role is a side of the bootstrap connection: who opened it, who took it.
type Role uint8

// The two roles, as they stand on the wire.
const (
	Active  Role = 1 // opened the bootstrap and starts each attempt
	Passive Role = 2 // accepted the bootstrap
)

// Other returns the peer's role.
func (r Role) Other() Role { return Active + Passive - r }

// String returns "active" or "passive".
func (r Role) String() string {
	if r == Active {
		return "active"
	}
	return "passive"
}

func (r Role) valid() bool { return r == Active || r == Passive }
