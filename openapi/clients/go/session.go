package latchkey

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

const earliest = 30 * time.Second

// session is who is signed in. It exchanges the refresh token once for all calls that need a new one.
type session struct {
	store    TokenStore
	exchange func(context.Context, Secret) (*TokenPair, error)

	mutex   sync.Mutex
	renewal *renewal
}

// renewal is an exchange that goes on, for those who wait for it.
type renewal struct {
	used   Secret
	done   chan struct{}
	tokens *Tokens
	err    error
}

func newSession(store TokenStore, exchange func(context.Context, Secret) (*TokenPair, error)) *session {
	return &session{store: store, exchange: exchange}
}

// tokens returns tokens to send, refreshed if they are about to expire; nil if nobody is signed in.
func (s *session) tokens(ctx context.Context) (*Tokens, error) {
	tokens, err := s.store.Load()
	if err != nil || tokens == nil || time.Now().Before(tokens.RefreshAt) {
		return tokens, err
	}
	renewed, err := s.renew(ctx, tokens)
	if err != nil && !endsSession(err) && ctx.Err() == nil && time.Now().Before(tokens.ExpiresAt) {
		return tokens, nil
	}
	return renewed, err
}

// renew returns replacements for tokens that no longer work; nil if the session is gone.
func (s *session) renew(ctx context.Context, used *Tokens) (*Tokens, error) {
	s.mutex.Lock()
	current := s.renewal
	if current == nil || current.used != used.RefreshToken {
		current = &renewal{used: used.RefreshToken, done: make(chan struct{})}
		s.renewal = current
		// A cancelled caller must not lose the new tokens: the used one, sent again later, ends the session.
		go s.finish(context.WithoutCancel(ctx), current)
	}
	s.mutex.Unlock()
	select {
	case <-current.done:
		return current.tokens, current.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (s *session) finish(ctx context.Context, current *renewal) {
	current.tokens, current.err = s.exchangeOnce(ctx, current.used)
	s.mutex.Lock()
	if s.renewal == current {
		s.renewal = nil
	}
	s.mutex.Unlock()
	close(current.done)
}

func (s *session) exchangeOnce(ctx context.Context, used Secret) (renewed *Tokens, err error) {
	err = s.exclusively(func(tokens *Tokens) error {
		if tokens == nil || tokens.RefreshToken != used {
			renewed = tokens
			return nil
		}
		sentAt := time.Now()
		pair, err := s.exchange(ctx, used)
		if endsSession(err) {
			return errors.Join(err, s.store.Save(nil))
		}
		if err != nil {
			return err
		}
		renewed = tokensOf(pair, sentAt, tokens.Session)
		return s.store.Save(renewed)
	})
	return renewed, err
}

// keep keeps the tokens of a new session, or removes those of an ended one.
func (s *session) keep(tokens *Tokens) error {
	return s.exclusively(func(*Tokens) error { return s.store.Save(tokens) })
}

// keepAccess keeps a new access token of the session. Its refresh token may be a later one by now, and stays.
func (s *session) keepAccess(access *Tokens) error {
	return s.exclusively(func(tokens *Tokens) error {
		if tokens == nil || tokens.Session != access.Session {
			return nil
		}
		access.RefreshToken = tokens.RefreshToken
		return s.store.Save(access)
	})
}

// outdate has the next call refresh the access token first: what it says about the session has changed.
func (s *session) outdate() error {
	return s.exclusively(func(tokens *Tokens) error {
		if tokens == nil {
			return nil
		}
		old := *tokens
		old.RefreshAt = time.Time{}
		return s.store.Save(&old)
	})
}

func (s *session) exclusively(work func(*Tokens) error) error {
	unlock, err := s.store.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	tokens, err := s.store.Load()
	if err != nil {
		return err
	}
	return work(tokens)
}

// tokensOf makes tokens to keep, from the response to a request sent at sentAt.
func tokensOf(pair *TokenPair, sentAt time.Time, session string) *Tokens {
	lifetime := time.Duration(pair.ExpiresIn) * time.Second
	return &Tokens{
		Session:      session,
		AccessToken:  pair.AccessToken,
		RefreshToken: pair.RefreshToken,
		RefreshAt:    sentAt.Add(lifetime - min(earliest, lifetime/2)),
		ExpiresAt:    sentAt.Add(lifetime),
	}
}

// endsSession tells whether the refresh token was refused. A rate limit, a server error or a lost network leaves it valid.
func endsSession(err error) bool {
	problem := (*ProblemError)(nil)
	if !errors.As(err, &problem) {
		return false
	}
	switch problem.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return true
	}
	return false
}
