package latchkey

import (
	"io"
	"net/http"
	"strings"
)

// authorizedTransport sends the access token, and a request once more if it was refused.
type authorizedTransport struct {
	base    http.RoundTripper
	session *session
}

// sessionError is why there was no token to send.
type sessionError struct{ err error }

func (e *sessionError) Error() string { return e.err.Error() }

func (e *sessionError) Unwrap() error { return e.err }

// RoundTrip implements [http.RoundTripper].
func (t *authorizedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	tokens, err := t.session.tokens(request.Context())
	if err != nil {
		closeBody(request)
		return nil, &sessionError{err}
	}
	if tokens == nil {
		return t.base.RoundTrip(request)
	}
	response, err := t.base.RoundTrip(authorized(request, request.Body, tokens))
	if err != nil || !isRefused(response) {
		return response, err
	}
	body, ok := bodyAgain(request)
	if !ok {
		return response, nil
	}
	renewed, err := t.session.renew(request.Context(), tokens)
	if err != nil {
		_ = response.Body.Close()
		return nil, &sessionError{err}
	}
	// Someone else may have signed in meanwhile; this request was not meant for them.
	if renewed == nil || renewed.Session != tokens.Session {
		return response, nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	_ = response.Body.Close()
	return t.base.RoundTrip(authorized(request, body, renewed))
}

func authorized(request *http.Request, body io.ReadCloser, tokens *Tokens) *http.Request {
	copied := request.Clone(request.Context())
	copied.Body = body
	copied.Header.Set("Authorization", "Bearer "+string(tokens.AccessToken))
	return copied
}

func isRefused(response *http.Response) bool {
	return response.StatusCode == http.StatusUnauthorized &&
		strings.Contains(response.Header.Get("WWW-Authenticate"), `error="invalid_token"`)
}

// bodyAgain returns the body once more; false if it was a stream.
func bodyAgain(request *http.Request) (io.ReadCloser, bool) {
	if request.Body == nil || request.Body == http.NoBody {
		return request.Body, true
	}
	if request.GetBody == nil {
		return nil, false
	}
	body, err := request.GetBody()
	return body, err == nil
}

func closeBody(request *http.Request) {
	if request.Body != nil {
		_ = request.Body.Close()
	}
}
