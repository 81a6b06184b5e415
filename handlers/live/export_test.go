package live

// WriteMessage writes a message as one that readers share is written.
func (s *Reservation) WriteMessage(payload []byte) error { return s.wire.writeFrame(newFrame(payload)) }
