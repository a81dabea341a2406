package latchkey

import (
	"sync"
	"time"
)

// Tokens are those of a session. They can be kept as JSON.
type Tokens struct {
	// Session identifies the session: unchanged by a refresh, new after each sign-in.
	Session     string `json:"session"`
	AccessToken Secret `json:"access_token"`
	// RefreshToken works once.
	RefreshToken Secret `json:"refresh_token"`
	// RefreshAt is when to refresh the access token, before it expires.
	RefreshAt time.Time `json:"refresh_at"`
	// ExpiresAt is when the access token expires.
	ExpiresAt time.Time `json:"expires_at"`
}

// TokenStore is where a client keeps its tokens. Embed a [MemoryTokenStore] in one that does not need every method.
type TokenStore interface {
	// Load returns the tokens, or nil if nobody is signed in.
	Load() (*Tokens, error)
	// Save keeps the tokens; nil removes them.
	Save(tokens *Tokens) error
	// Lock is held while tokens are exchanged, until unlock is called. A store that several clients share must let in one at a time.
	Lock() (unlock func(), err error)
	// LoadDeviceToken returns what the device is recognised by when somebody signs in again. It outlives the session.
	LoadDeviceToken() (Secret, error)
	// SaveDeviceToken keeps it.
	SaveDeviceToken(deviceToken Secret) error
}

// MemoryTokenStore keeps tokens for as long as the process runs.
type MemoryTokenStore struct {
	access      sync.Mutex
	exchange    sync.Mutex
	tokens      *Tokens
	deviceToken Secret
}

// Load implements [TokenStore].
func (s *MemoryTokenStore) Load() (*Tokens, error) {
	s.access.Lock()
	defer s.access.Unlock()
	return s.tokens, nil
}

// Save implements [TokenStore].
func (s *MemoryTokenStore) Save(tokens *Tokens) error {
	s.access.Lock()
	defer s.access.Unlock()
	s.tokens = tokens
	return nil
}

// Lock implements [TokenStore].
func (s *MemoryTokenStore) Lock() (unlock func(), err error) {
	s.exchange.Lock()
	return s.exchange.Unlock, nil
}

// LoadDeviceToken implements [TokenStore].
func (s *MemoryTokenStore) LoadDeviceToken() (Secret, error) {
	s.access.Lock()
	defer s.access.Unlock()
	return s.deviceToken, nil
}

// SaveDeviceToken implements [TokenStore].
func (s *MemoryTokenStore) SaveDeviceToken(deviceToken Secret) error {
	s.access.Lock()
	defer s.access.Unlock()
	s.deviceToken = deviceToken
	return nil
}

// String hides what is kept.
func (s *MemoryTokenStore) String() string { return "latchkey.MemoryTokenStore" }

// GoString is String.
func (s *MemoryTokenStore) GoString() string { return s.String() }
