package live

// Bus carries what happens on one server of a site to the others. It may lose, repeat and reorder what
// it carries, because the hub reads from the store what is missing, and orders changes by version. It
// never blocks.
type Bus interface {
	// Listen sets who is told what the other servers say. It is called once, before all other methods.
	Listen(l Listener)
	// Publish tells the other servers of something that is committed, or that may be lost.
	Publish(channel Channel, entry Entry)
	// Follow has the listener told what the other servers say on a channel, until Forget.
	Follow(channel Channel)
	Forget(channel Channel)
	// Events tells the other servers that the store has events for them.
	Events()
}

// Listener is told what the other servers say, by one goroutine.
type Listener interface {
	Changed(channel Channel, entry Entry)
	Events()
}

// Alone is the bus of a site that has one server.
type Alone struct{}

// Listen implements Bus.
func (Alone) Listen(Listener) {}

// Publish implements Bus.
func (Alone) Publish(Channel, Entry) {}

// Follow implements Bus.
func (Alone) Follow(Channel) {}

// Forget implements Bus.
func (Alone) Forget(Channel) {}

// Events implements Bus.
func (Alone) Events() {}
