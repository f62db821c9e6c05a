package session

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
)

// A secret is a password or a passphrase. However it is printed, only a mark comes out. The zero value
// stands for none.
type secret struct{ text string }

const redacted = "[redacted]"

// Format, MarshalText and LogValue cover fmt with every verb, encoding/json and log/slog.
func (secret) Format(f fmt.State, _ rune)   { fmt.Fprint(f, redacted) }
func (secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }

// secrets are what must not be quoted back from a device.
type secrets []secret

// in reports whether the text holds one of the secrets.
func (s secrets) in(text []byte) bool {
	return slices.ContainsFunc(s, func(secret secret) bool {
		return secret.text != "" && bytes.Contains(text, []byte(secret.text))
	})
}

// quote returns the end of a device's words for a message, and none of them where they hold
// a secret: a device may echo what it should not.
func (s secrets) quote(words string) string {
	const most = 80
	if s.in([]byte(words)) {
		return redacted
	}
	if len(words) > most {
		words = "…" + words[len(words)-most:]
	}
	return fmt.Sprintf("%q", words)
}
