package latchkey

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// FileTokenStore keeps tokens in a file that only its owner can read (mode 0600). Processes that share it refresh one at a time, except
// on Windows.
type FileTokenStore struct {
	// Path of the file. Its directory is made if it is missing.
	Path string
}

type keptInFile struct {
	Tokens      *Tokens `json:"tokens"`
	DeviceToken Secret  `json:"device_token,omitempty"`
}

// Load implements [TokenStore].
func (s *FileTokenStore) Load() (*Tokens, error) {
	kept, err := s.read()
	return kept.Tokens, err
}

// Save implements [TokenStore].
func (s *FileTokenStore) Save(tokens *Tokens) error {
	return s.change(func(kept *keptInFile) { kept.Tokens = tokens })
}

// LoadDeviceToken implements [TokenStore].
func (s *FileTokenStore) LoadDeviceToken() (Secret, error) {
	kept, err := s.read()
	return kept.DeviceToken, err
}

// SaveDeviceToken implements [TokenStore].
func (s *FileTokenStore) SaveDeviceToken(deviceToken Secret) error {
	return s.change(func(kept *keptInFile) { kept.DeviceToken = deviceToken })
}

// Lock implements [TokenStore].
func (s *FileTokenStore) Lock() (unlock func(), err error) {
	if err := s.makeDirectory(); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(s.Path+".lock", os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := waitForLock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	// Closing it unlocks it.
	return func() { _ = file.Close() }, nil
}

func (s *FileTokenStore) read() (keptInFile, error) {
	var kept keptInFile
	text, err := os.ReadFile(s.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err != nil {
		return kept, err
	}
	// What is no JSON holds no tokens.
	if json.Unmarshal(text, &kept) != nil {
		return keptInFile{}, nil
	}
	return kept, nil
}

// change writes a new file and renames it, so that nobody reads half of one.
func (s *FileTokenStore) change(change func(*keptInFile)) error {
	kept, err := s.read()
	if err != nil {
		return err
	}
	change(&kept)
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := s.makeDirectory(); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(s.Path), "."+filepath.Base(s.Path)+".*")
	if err != nil {
		return err
	}
	_, err = draft.Write(text)
	err = errors.Join(err, draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), s.Path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(draft.Name()))
	}
	return nil
}

func (s *FileTokenStore) makeDirectory() error { return os.MkdirAll(filepath.Dir(s.Path), 0o700) }
