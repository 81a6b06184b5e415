package main

import "regexp"

// Secrets are where an address may have a password or a token: before its host, which in a
// malformed one may be anywhere, and in its parameters. The parser repeats all of a variable.
var (
	secretUsers      = regexp.MustCompile(`(?s)(://).*@|(:)\S*@`)
	secretParameters = regexp.MustCompile(`(?i)((?:pass|password|token|secret)=)[^&\s"'\x60]*`)
	secretVariables  = regexp.MustCompile(`(?s)(\(from envar \w+)=.*\)`)
)

// withoutSecrets is what may be shown of a text that repeats what the program was given, by
// whatever flag: an address may be given in the wrong place. What is shown of one that is
// malformed is rather too little.
func withoutSecrets(text string) string {
	text = secretVariables.ReplaceAllString(text, "$1)")
	text = secretUsers.ReplaceAllString(text, "${1}${2}xxxxx@")
	return secretParameters.ReplaceAllString(text, "${1}xxxxx")
}
