// Package latchkey is a client for Latchkey, the account service: typed from its contract, with sign-in, token refresh and retries.
package latchkey

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options of a Client. The zero value is useful.
type Options struct {
	// Tokens is where to keep the tokens; in memory by default.
	Tokens TokenStore
	// Retry says how often to send a call that failed.
	Retry Retry
	// HTTP sends the requests, with its own proxies, certificates and time-outs; by default each attempt has 5 seconds to connect and 15
	// in all. Redirects are not followed.
	HTTP *http.Client
}

// Client is a client of the service. Each operation of the contract is a method, which returns the response body or an error: a
// *[ProblemError], a *[NetworkError], an *[UnexpectedAnswerError], or the context's. Goroutines may share a client.
type Client struct {
	origin  string
	http    *http.Client
	retry   Retry
	session *session
}

// New creates a client of the service at a URL such as https://accounts.example.com, with or without /api/v1. It sends nothing.
func New(baseURL string, options Options) (*Client, error) {
	place := strings.TrimRight(baseURL, "/")
	parsed, err := url.Parse(place)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") || strings.ContainsAny(place, "@?# ") {
		// The value isn't shown, since it may have a password.
		return nil, errors.New("the base URL must be like https://accounts.example.com, without user, query and fragment")
	}
	store := options.Tokens
	if store == nil {
		store = &MemoryTokenStore{}
	}
	client := &Client{
		origin: strings.TrimSuffix(place, basePath),
		http:   withoutRedirects(options.HTTP),
		retry:  options.Retry.withDefaults(),
	}
	client.session = newSession(store, client.exchange)
	return client, nil
}

func withoutRedirects(given *http.Client) *http.Client {
	if given == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
		given = &http.Client{Transport: transport, Timeout: 15 * time.Second}
	}
	client := *given
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// String tells where the service is, and nothing secret.
func (c *Client) String() string { return "latchkey.Client(" + c.origin + ")" }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// IsSignedIn tells whether there are tokens. Only the service knows whether they still work.
func (c *Client) IsSignedIn() (bool, error) {
	tokens, err := c.session.store.Load()
	return tokens != nil, err
}

// AccessToken returns an access token for your own API, refreshed if it is about to expire; empty if nobody is signed in.
func (c *Client) AccessToken(ctx context.Context) (Secret, error) {
	tokens, err := c.session.tokens(ctx)
	if err != nil || tokens == nil {
		return "", err
	}
	return tokens.AccessToken, nil
}

// Transport sends the access token to your own API, by way of base, or of [http.DefaultTransport] if that is nil. If the API refuses
// the token with invalid_token (RFC 6750), it is refreshed, and the request sent again.
func (c *Client) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &authorizedTransport{base: base, session: c.session}
}

func (c *Client) exchange(ctx context.Context, refreshToken Secret) (*TokenPair, error) {
	return c.refreshTokens(ctx, RefreshGrant{RefreshToken: refreshToken})
}

// newKey returns a text that nobody can guess.
func newKey() string {
	var bytes [16]byte
	// It never fails (Go 1.24).
	_, _ = rand.Read(bytes[:])
	return fmt.Sprintf("%x", bytes)
}
