package shrink

// LimitProcess limits this process to a time in seconds, and to a number of bytes.
func LimitProcess(seconds, memory uint64) error { return limitProcess(seconds, memory) }
