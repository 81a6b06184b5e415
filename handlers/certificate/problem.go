package certificate

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/crypto/acme"
)

var errWrongClock = errors.New("the authority's new certificate is too old by the clock of this machine")

// Sentence says in words of an operator why a name got no certificate.
func Sentence(name string, err error) string {
	var refused *acme.AuthorizationError
	if errors.As(err, &refused) {
		return unproved(name, err)
	}
	var answer *acme.Error
	switch {
	case errors.Is(err, errWrongClock):
		return fmt.Sprintf("The new certificate of %s is not valid by the clock of this machine. Set the clock, for example with systemd-timesyncd.", name)
	case !errors.As(err, &answer), answer.StatusCode >= http.StatusInternalServerError:
		return fmt.Sprintf("The authority does not answer, so %s gets no certificate for now.", name)
	}
	switch kindOf(answer.ProblemType) {
	case "rateLimited":
		return fmt.Sprintf("The authority has had too many orders for %s, and asks to wait: %s", name, answer.Detail)
	case "rejectedIdentifier":
		return fmt.Sprintf("The authority gives no certificates for %s: %s", name, answer.Detail)
	case "caa":
		return fmt.Sprintf("A CAA record in the DNS of %s lets only other authorities give certificates.", name)
	}
	return fmt.Sprintf("The authority refuses to give a certificate for %s: %s", name, answer.Detail)
}

// unproved says why the authority does not believe that a name is the site's. It has tried one port, or both.
func unproved(name string, err error) string {
	kinds := map[string]bool{}
	for _, problem := range problems(err) {
		kinds[kindOf(problem.ProblemType)] = true
	}
	switch {
	case kinds["dns"]:
		return fmt.Sprintf("The authority finds no address for %s. Make a DNS record (A or AAAA) that has the public address of this machine.", name)
	case kinds["caa"]:
		return fmt.Sprintf("A CAA record in the DNS of %s lets only other authorities give certificates.", name)
	case kinds["connection"]:
		return fmt.Sprintf("The authority cannot reach %s on port 80 or 443. Check that its DNS record has the public address of this machine, and that the firewall opens both ports.", name)
	}
	return fmt.Sprintf("Another server answers the authority at %s. Check that its DNS record has the public address of this machine.", name)
}

// problems returns what the authority says of its attempts to see a proof.
func problems(err error) []*acme.Error {
	var found []*acme.Error
	var visit func(err error)
	visit = func(err error) {
		switch err := err.(type) { //nolint:errorlint // it looks at each error of a tree
		case *acme.Error:
			found = append(found, err)
		case *acme.AuthorizationError:
			for _, each := range err.Errors {
				visit(each)
			}
		case interface{ Unwrap() []error }:
			for _, each := range err.Unwrap() {
				visit(each)
			}
		case interface{ Unwrap() error }:
			visit(err.Unwrap())
		}
	}
	visit(err)
	return found
}

// kindOf returns the last part of the type of a problem.
func kindOf(problem string) string { return problem[strings.LastIndexByte(problem, ':')+1:] }
