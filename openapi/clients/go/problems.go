package latchkey

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ProblemError is an error response of the service. Branch on Code, show Detail to people, quote RequestID to support. A newer service
// may send codes that this client does not know; go by Status then.
type ProblemError struct {
	Problem
	RequestID string
	// RetryAfter is how long to wait before trying again; 0 if the service does not say.
	RetryAfter time.Duration
}

// Error says what went wrong.
func (e *ProblemError) Error() string {
	return fmt.Sprintf("%d %s: %s (request %s)", e.Status, e.Code, e.Detail, e.RequestID)
}

// Violations tells what is wrong with the request; empty if the service does not say.
func (e *ProblemError) Violations() []Violation { return e.Errors }

// ErrReauthenticationRequired is what a problem is, by [errors.Is], if the person signed in too long ago for the call. It succeeds after
// Reauthenticate.
var ErrReauthenticationRequired = errors.New("latchkey: reauthentication is required")

// Is tells whether the problem is [ErrReauthenticationRequired].
func (e *ProblemError) Is(target error) bool {
	return target == ErrReauthenticationRequired && e.Code == ProblemCodeInsufficientUserAuthentication
}

// SecondFactorRequiredError means that the first factor was right: ask for the second one, and go on with AnswerChallenge. It unwraps
// to the *[ProblemError].
type SecondFactorRequiredError struct {
	Challenge Challenge
	problem   *ProblemError
}

// Error says what went wrong.
func (e *SecondFactorRequiredError) Error() string { return e.problem.Error() }

// Unwrap returns the problem.
func (e *SecondFactorRequiredError) Unwrap() error { return e.problem }

// NetworkError means that no complete response arrived. The request may have taken effect.
type NetworkError struct {
	// Err says why.
	Err error
}

// Error says what went wrong.
func (e *NetworkError) Error() string { return "the service could not be reached: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *NetworkError) Unwrap() error { return e.Err }

// UnexpectedAnswerError means that something other than the service responded, such as a proxy.
type UnexpectedAnswerError struct {
	URL         string
	Status      int
	ContentType string
	Body        string
}

// Error says what answered.
func (e *UnexpectedAnswerError) Error() string {
	what := e.ContentType
	if what == "" {
		what = "no content type"
	}
	return fmt.Sprintf("%s answered %d with %s, which is no answer of Latchkey's", e.URL, e.Status, what)
}

// retryAfter reads Retry-After, which a proxy may have sent as a date.
func retryAfter(header http.Header) (time.Duration, bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, seconds)) * time.Second, true
	}
	if moment, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(moment)), true
	}
	return 0, false
}
