// A service that accepts Latchkey's access tokens.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

var (
	latchkeyURL  = setting("LATCHKEY_URL", "http://127.0.0.1:8000")
	client       = &http.Client{Timeout: 5 * time.Second}
	errNotActive = errors.New("the session has ended")
)

type claims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
}

type verifier struct {
	keys   keyfunc.Keyfunc
	parser *jwt.Parser
}

func newVerifier(ctx context.Context) (*verifier, error) {
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{latchkeyURL + "/.well-known/jwks.json"}, keyfunc.Override{
		Client:          client,
		HTTPTimeout:     5 * time.Second,
		RefreshInterval: 5 * time.Minute,
		// A token with an unknown key makes it fetch the keys again, but at most this often; others don't wait for it.
		RefreshUnknownKID: rate.NewLimiter(rate.Every(30*time.Second), 1),
		RateLimitWaitMax:  time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{"ES256", "RS256"}),
		jwt.WithIssuer(setting("JWT_ISSUER", "latchkey")),
		jwt.WithAudience(setting("JWT_AUDIENCE", "latchkey")),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
	)
	return &verifier{keys, parser}, nil
}

// authenticate verifies locally. An ended session passes until its access token expires, after 15 minutes at most.
func (v *verifier) authenticate(text string) (map[string]string, error) {
	var found claims
	token, err := v.parser.ParseWithClaims(text, &found, v.keys.Keyfunc)
	if errors.Is(err, jwt.ErrTokenUnverifiable) && !v.hasKeys() {
		return nil, unavailable{err}
	}
	if err != nil {
		return nil, err
	}
	// Other JWTs of the same issuer are not access tokens.
	if token.Header["typ"] != "at+jwt" || found.Subject == "" || found.SessionID == "" || found.IssuedAt == nil {
		return nil, errors.New("not an access token")
	}
	return map[string]string{"user_id": found.Subject, "session_id": found.SessionID}, nil
}

// hasKeys is false until Latchkey has been reached once.
func (v *verifier) hasKeys() bool {
	all, err := v.keys.Storage().KeyReadAll(context.Background())
	return err == nil && len(all) > 0
}

// unavailable means that the token may be valid.
type unavailable struct{ error }

// authenticateNow asks Latchkey, which knows whether the session has just ended, and which role the user has now.
func (v *verifier) authenticateNow(ctx context.Context, text string) (map[string]string, error) {
	if _, err := v.authenticate(text); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, latchkeyURL+"/api/v1/auth/me", nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+text)
	answer, err := client.Do(request)
	if err != nil {
		return nil, unavailable{err}
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusUnauthorized {
		return nil, errNotActive
	}
	var user struct{ ID, Role string }
	if answer.StatusCode != http.StatusOK {
		return nil, unavailable{fmt.Errorf("Latchkey answered %d", answer.StatusCode)}
	}
	if err := json.NewDecoder(answer.Body).Decode(&user); err != nil {
		return nil, unavailable{err}
	}
	return map[string]string{"user_id": user.ID, "role": user.Role}, nil
}

func (v *verifier) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	scheme, token, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		send(response, http.StatusUnauthorized, map[string]string{"error": "no access token"}, "Bearer")
		return
	}
	var found map[string]string
	var err error
	if request.URL.Path == "/sensitive" {
		found, err = v.authenticateNow(request.Context(), strings.TrimSpace(token))
	} else {
		found, err = v.authenticate(strings.TrimSpace(token))
	}
	switch {
	case err == nil:
		send(response, http.StatusOK, found, "")
	case errors.As(err, &unavailable{}):
		send(response, http.StatusServiceUnavailable, map[string]string{"error": "try again later"}, "")
	default:
		send(response, http.StatusUnauthorized, map[string]string{"error": "invalid access token"}, `Bearer error="invalid_token"`)
	}
}

func send(response http.ResponseWriter, status int, body map[string]string, challenge string) {
	response.Header().Set("Content-Type", "application/json")
	if challenge != "" {
		response.Header().Set("WWW-Authenticate", challenge)
	}
	response.WriteHeader(status)
	_ = json.NewEncoder(response).Encode(body)
}

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	handler, err := newVerifier(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "3000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}
