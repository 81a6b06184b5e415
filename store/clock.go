package store

import "time"

// now returns the current time with the precision of the database, which is a millisecond.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
