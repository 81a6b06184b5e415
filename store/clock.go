package store

import "time"

// now is the present, as precisely as the database keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
