// Package openid has a provider sign people in, by OpenID Connect.
package openid

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"plaza/store"
)

// Provider is a site that signs people in for this one.
type Provider struct {
	config Config
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider // nil: its configuration has not been read yet
}

// Config configures a Provider.
type Config struct {
	Issuer string // its address
	ID     string // what it calls this site
	Secret string
	Client *http.Client // makes requests to it; nil for one with the system's roots
}

// timeout is how long a request to the provider may take.
const timeout = 10 * time.Second

// New returns a provider, whose configuration is read when it is first used.
func New(config Config) *Provider {
	client := config.Client
	if client == nil {
		client = &http.Client{Timeout: timeout}
	}
	return &Provider{config: config, client: client}
}

// Host returns the name of the provider for people.
func (p *Provider) Host() string {
	issuer, err := url.Parse(p.config.Issuer)
	if err != nil {
		return p.config.Issuer
	}
	return issuer.Hostname()
}

var (
	errAway    = &store.Error{Kind: store.Unavailable, Code: store.CodeProviderAway}
	errRefused = &store.Error{Kind: store.Invalid, Code: store.CodeProviderRefused}
)

// Address returns where the browser goes to sign in. The provider sends it back to the address redirect.
func (p *Provider) Address(ctx context.Context, redirect string, begun store.ProviderSignIn) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(found, redirect).AuthCodeURL(begun.State(), oidc.Nonce(begun.Nonce), oauth2.S256ChallengeOption(begun.Verifier)), nil
}

// Identify returns who the browser was signed in as, by the query with which the provider has sent it back. The kind
// is Invalid if the provider, or its answer, signs nobody in, and Unavailable if it is away.
func (p *Provider) Identify(ctx context.Context, redirect string, begun store.ProviderSignIn, query url.Values) (store.Identity, error) {
	// An answer that says where it comes from must come from this provider (RFC 9207).
	if issuer := query.Get("iss"); issuer != "" && issuer != p.config.Issuer || query.Get("error") != "" || query.Get("code") == "" {
		return store.Identity{}, errRefused
	}
	found, err := p.discover(ctx)
	if err != nil {
		return store.Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.oauth(found, redirect).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(begun.Verifier))
	var refusal *oauth2.RetrieveError
	if err != nil && !errors.As(err, &refusal) {
		return store.Identity{}, errors.Join(errAway, err)
	}
	if err != nil {
		return store.Identity{}, errRefused
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := found.Verifier(&oidc.Config{ClientID: p.config.ID}).Verify(ctx, raw)
	if err != nil || token.Nonce != begun.Nonce || token.Subject == "" {
		return store.Identity{}, errRefused
	}
	var claims struct {
		Username string `json:"preferred_username"`
		Email    string `json:"email"`
		Name     string `json:"name"`
	}
	if token.Claims(&claims) != nil {
		return store.Identity{}, errRefused
	}
	identity := store.Identity{Issuer: token.Issuer, Subject: token.Subject}
	for _, name := range []string{claims.Username, claims.Email, claims.Name, token.Subject} {
		if name != "" && len(name) <= maxName {
			identity.Name = name
			break
		}
	}
	return identity, nil
}

// maxName is the longest name of a provider that the site shows, in bytes.
const maxName = 200

// discover returns the provider's configuration. It is read once, and again as long as that fails.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	found := p.found
	p.mu.Unlock()
	if found != nil {
		return found, nil
	}
	// The context stays in the provider, which reads its keys by it later.
	lasting := oidc.ClientContext(context.WithoutCancel(ctx), p.client)
	found, err := oidc.NewProvider(lasting, p.config.Issuer)
	if err != nil {
		return nil, errors.Join(errAway, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = found
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ID, ClientSecret: p.config.Secret, Endpoint: found.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}
