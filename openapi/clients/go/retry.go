package latchkey

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"
)

// Retry says how often to send a read, or a call with an Idempotency-Key, that failed for lack of a network or of capacity.
type Retry struct {
	// Attempts at most; 1 means no retries, and 0 means 3.
	Attempts int
	// MaxWait over all attempts of a call; 0 means 30 seconds. A call that would have to wait longer fails at once.
	MaxWait time.Duration
}

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

func (r Retry) withDefaults() Retry {
	if r.Attempts == 0 {
		r.Attempts = 3
	}
	if r.MaxWait == 0 {
		r.MaxWait = 30 * time.Second
	}
	return r
}

// attempts of one call.
type attempts struct {
	typed    bool
	left     int
	waitLeft time.Duration
	backoff  time.Duration
}

func (r Retry) attemptsOf(call call) *attempts {
	made := &attempts{typed: call.typed, left: 1, waitLeft: r.MaxWait, backoff: firstPause}
	// Probes say how the service is now.
	isProbe := call.operation == "getHealth" || call.operation == "getReadiness"
	if !isProbe && (call.method == http.MethodGet || call.idempotencyKey != "") {
		made.left = r.Attempts
	}
	return made
}

// pause waits before the next attempt; false means that there is none. Without a response, the network failed.
func (a *attempts) pause(ctx context.Context, response *http.Response) (again bool, err error) {
	a.left--
	if a.left < 1 || !a.isTransient(response) {
		return false, nil
	}
	wait := time.Duration(float64(a.backoff) * (0.5 + rand.Float64()/2))
	if response != nil {
		if asked, ok := retryAfter(response.Header); ok {
			wait = asked
		}
	}
	a.backoff = min(2*a.backoff, longestPause)
	a.waitLeft -= wait
	if deadline, ok := ctx.Deadline(); a.waitLeft < 0 || ok && time.Until(deadline) < wait {
		return false, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

func (a *attempts) isTransient(response *http.Response) bool {
	if response == nil {
		return true
	}
	switch response.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusTooManyRequests:
		// A person at a form should not be kept waiting.
		return !a.typed
	}
	return false
}
