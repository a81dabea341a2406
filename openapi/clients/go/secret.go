package latchkey

import (
	"fmt"
	"log/slog"
)

const hidden = "[hidden]"

// Secret is a password or a token. No format verb and no log shows it; string(secret) and JSON do.
type Secret string

// String hides the secret.
func (Secret) String() string { return hidden }

// Format hides the secret, whatever the verb.
func (Secret) Format(state fmt.State, _ rune) { _, _ = fmt.Fprint(state, hidden) }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
