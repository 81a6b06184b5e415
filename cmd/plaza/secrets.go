package main

import "regexp"

// A password or a token may stand before an address's host and in its parameters. In a malformed
// address the host may be anywhere. The parser's errors repeat the whole value of a variable.
var (
	secretUsers      = regexp.MustCompile(`(?s)(://).*@|(:)\S*@`)
	secretParameters = regexp.MustCompile(`(?i)((?:pass|password|token|secret)=)[^&\s"'\x60]*`)
	secretVariables  = regexp.MustCompile(`(?s)(\(from envar \w+)=.*\)`)
)

// withoutSecrets removes passwords and tokens from a text that repeats arguments or variables. It does
// not depend on the flag, because people give an address to the wrong one. From a malformed address it
// may remove more than the secret, but never less.
func withoutSecrets(text string) string {
	text = secretVariables.ReplaceAllString(text, "$1)")
	text = secretUsers.ReplaceAllString(text, "${1}${2}xxxxx@")
	return secretParameters.ReplaceAllString(text, "${1}xxxxx")
}
