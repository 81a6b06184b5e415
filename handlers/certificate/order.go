package certificate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/crypto/acme"
)

// The kinds of challenges that the site answers.
const (
	httpChallenge = "http-01"     // a file on port 80
	tlsChallenge  = "tls-alpn-01" // a certificate on port 443 (RFC 8737)
)

// order gets a certificate for a name, which is proved by a kind of challenge.
func (a *Authority) order(ctx context.Context, name, kind string) (certificate string, err error) {
	client, err := a.client(ctx)
	if err != nil {
		return "", err
	}
	order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(name))
	if err != nil {
		return "", err
	}
	for _, address := range order.AuthzURLs {
		if err := a.prove(ctx, client, name, kind, address); err != nil {
			return "", err
		}
	}
	if order, err = client.WaitOrder(ctx, order.URI); err != nil {
		return "", err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{name}}, key)
	if err != nil {
		return "", err
	}
	chain, _, err := client.CreateCertFromOrder(ctx, order, request, true)
	if err != nil {
		return "", err
	}
	return encode(tls.Certificate{Certificate: chain, PrivateKey: key})
}

// prove answers the challenge of an authorization, unless the authority has seen a proof lately.
func (a *Authority) prove(ctx context.Context, client *acme.Client, name, kind, address string) error {
	authorization, err := client.GetAuthorization(ctx, address)
	if err != nil || authorization.Status == acme.StatusValid {
		return err
	}
	at := slices.IndexFunc(authorization.Challenges, func(c *acme.Challenge) bool { return c.Type == kind })
	if at < 0 {
		return fmt.Errorf("the authority has no challenge of the kind %s", kind)
	}
	challenge := authorization.Challenges[at]
	named, answer := challenge.Token, ""
	if kind == httpChallenge {
		answer, err = client.HTTP01ChallengeResponse(challenge.Token)
	} else {
		var proof tls.Certificate
		if proof, err = client.TLSALPN01ChallengeCert(challenge.Token, name); err == nil {
			named = tlsChallenge
			answer, err = encode(proof)
		}
	}
	if err != nil {
		return err
	}
	if err := a.config.Store.SetChallenge(ctx, name, named, answer); err != nil {
		return err
	}
	if _, err := client.Accept(ctx, challenge); err != nil {
		return err
	}
	_, err = client.WaitAuthorization(ctx, authorization.URI)
	return err
}

// proof returns the certificate by which the authority sees that a name is the site's.
func (a *Authority) proof(ctx context.Context, name string) (*tls.Certificate, error) {
	text, err := a.config.Store.ChallengeAnswer(ctx, name, tlsChallenge)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, errNoChallenge
	}
	proof, err := tls.X509KeyPair([]byte(text), []byte(text))
	return &proof, err
}

var errNoChallenge = errors.New("no order waits for a proof of the name")

// challengePath begins the paths at which the authority looks for proofs.
const challengePath = "/.well-known/acme-challenge/"

// ServeChallenge answers a request on port 80 if it is the authority's, and false if it is not. name is the site's name
// that the request is for.
func (a *Authority) ServeChallenge(w http.ResponseWriter, r *http.Request, name string) bool {
	challenge, ok := strings.CutPrefix(r.URL.Path, challengePath)
	if !ok {
		return false
	}
	answer, err := "", error(nil)
	if challenge != "" && challenge != tlsChallenge {
		answer, err = a.config.Store.ChallengeAnswer(r.Context(), name, challenge)
	}
	switch {
	case err != nil:
		http.Error(w, "The proof cannot be read. Try again in a moment.", http.StatusServiceUnavailable)
	case answer == "":
		http.Error(w, "No order waits for this proof.", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(answer)) //nolint:gosec // plain text that the site itself has made
	}
	return true
}

// encode returns the key and the chain of a certificate as PEM.
func encode(certificate tls.Certificate) (string, error) {
	text, err := encodeKey(certificate.PrivateKey)
	if err != nil {
		return "", err
	}
	for _, block := range certificate.Certificate {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: block})...)
	}
	return string(text), nil
}

func encodeKey(key any) ([]byte, error) {
	block, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: block}), err
}
