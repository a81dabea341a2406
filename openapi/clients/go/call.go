package latchkey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Beyond this, a response is not read.
const maxAnswer = 32 << 20

// call is an operation with its values.
type call struct {
	operation string
	method    string
	path      string
	secured   bool
	// typed means that a person at a form waits for it.
	typed          bool
	query          url.Values
	body           any
	ifMatch        string
	idempotencyKey string
}

// send sends a call, again where that is safe, and reads the response body into reply, unless that is nil or the body empty.
func (c *Client) send(ctx context.Context, call call, reply any) (hasBody bool, err error) {
	attempts := c.retry.attemptsOf(call)
	for {
		request, err := c.request(ctx, call)
		if err != nil {
			return false, err
		}
		response, body, err := c.attempt(request, call.secured)
		// A refresh that failed is not sent again.
		if failed := (*sessionError)(nil); errors.As(err, &failed) {
			return false, failed.err
		}
		if err != nil && ctx.Err() != nil {
			return false, err
		}
		again, stopped := attempts.pause(ctx, response)
		switch {
		case stopped != nil:
			return false, stopped
		case again:
			continue
		case err != nil:
			return false, &NetworkError{Err: err}
		}
		if err := read(response, body, reply); err != nil || !addsFactor(call) {
			return len(body) > 0, err
		}
		return len(body) > 0, c.session.outdate()
	}
}

// addsFactor tells whether the session has a second factor afterwards, which its next access token says.
func addsFactor(call call) bool {
	return call.operation == "confirmTotp" || call.operation == "registerPasskey"
}

func (c *Client) attempt(request *http.Request, secured bool) (*http.Response, []byte, error) {
	client := *c.http
	if secured {
		client.Transport = c.Transport(client.Transport)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, nil, err
	}
	return response, body, nil
}

func (c *Client) request(ctx context.Context, call call) (*http.Request, error) {
	for _, segment := range strings.Split(call.path, "/")[1:] {
		if segment == "" || segment == "." || segment == ".." {
			return nil, errNoID
		}
	}
	place := c.origin + call.path
	if len(call.query) > 0 {
		place += "?" + call.query.Encode()
	}
	var content io.Reader
	kind := "application/json"
	if sent, ok := call.body.([]byte); ok {
		// The service tells pictures by their bytes, and so does the standard library.
		kind = http.DetectContentType(sent)
		content = bytes.NewReader(sent)
	} else if call.body != nil {
		encoded, err := json.Marshal(call.body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, call.method, place, content)
	if err != nil {
		return nil, err
	}
	set := func(name, value string) {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	set("Accept", "application/json, image/*, application/problem+json")
	set("User-Agent", "latchkey-go/"+Version)
	set("If-Match", call.ifMatch)
	set("Idempotency-Key", call.idempotencyKey)
	if content != nil {
		set("Content-Type", kind)
	}
	return request, nil
}

// errNoID refuses what would change the path.
var errNoID = errors.New("latchkey: an id is empty, or a dot")

// read reads a response body into reply, or returns the problem it is.
func read(response *http.Response, body []byte, reply any) error {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isJSON := kind == "application/json" || strings.HasSuffix(kind, "+json")
	unexpected := &UnexpectedAnswerError{
		URL:         response.Request.URL.String(),
		Status:      response.StatusCode,
		ContentType: response.Header.Get("Content-Type"),
		Body:        string(body),
	}
	if response.StatusCode/100 == 2 {
		if picture, ok := reply.(*[]byte); ok {
			if !strings.HasPrefix(kind, "image/") {
				return unexpected
			}
			*picture = body
			return nil
		}
		if len(body) == 0 && (reply == nil || response.StatusCode != http.StatusOK) {
			return nil
		}
		if !isJSON || reply != nil && json.Unmarshal(body, reply) != nil {
			return unexpected
		}
		return nil
	}
	var problem Problem
	if !isJSON || json.Unmarshal(body, &problem) != nil || problem.Status == 0 || problem.Code == "" {
		return unexpected
	}
	id := response.Header.Get("X-Request-Id")
	if id == "" {
		id = problem.Instance[strings.LastIndex(problem.Instance, ":")+1:]
	}
	wait, _ := retryAfter(response.Header)
	refused := &ProblemError{Problem: problem, RequestID: id, RetryAfter: wait}
	if asked := problem.Challenge; asked != nil {
		challenge := Challenge{Token: asked.Token, Factors: asked.Factors, ExpiresAt: asked.ExpiresAt}
		return &SecondFactorRequiredError{Challenge: challenge, problem: refused}
	}
	return refused
}

// add adds a query parameter that was given.
func add(query url.Values, name string, value any) {
	switch given := value.(type) {
	case string:
		if given != "" {
			query.Set(name, given)
		}
	case int:
		if given != 0 {
			query.Set(name, strconv.Itoa(given))
		}
	case *bool:
		if given != nil {
			query.Set(name, strconv.FormatBool(*given))
		}
	case time.Time:
		if !given.IsZero() {
			query.Set(name, given.UTC().Format("2006-01-02T15:04:05.000Z"))
		}
	default:
		panic(fmt.Sprintf("latchkey: a query has no %T", value))
	}
}
