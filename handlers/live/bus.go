package live

// Bus carries what happens on one server of a site to its others. It may lose, double and
// reorder what it carries, and never blocks: the hub reads from the store what it lacks, and
// gives readers the order of versions.
type Bus interface {
	// Listen has what the others say handed to a listener. It is called once, before all else.
	Listen(l Listener)
	// Publish tells the others what is committed, or may be lost.
	Publish(channel Channel, entry Entry)
	// Follow has what the others say on a channel handed to the listener, until Forget. What
	// nobody here wants to hear is not asked for.
	Follow(channel Channel)
	Forget(channel Channel)
	// Events tells the others to ask the store what has happened.
	Events()
}

// Listener is told what the others say, by one goroutine.
type Listener interface {
	Changed(channel Channel, entry Entry)
	Events()
}

// Alone is the bus of a site with one server.
type Alone struct{}

// Listen implements Bus: there is nothing to hear.
func (Alone) Listen(Listener) {}

// Publish implements Bus.
func (Alone) Publish(Channel, Entry) {}

// Follow implements Bus.
func (Alone) Follow(Channel) {}

// Forget implements Bus.
func (Alone) Forget(Channel) {}

// Events implements Bus.
func (Alone) Events() {}
