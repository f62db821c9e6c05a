package session

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// An authenticator answers a device's questions about who we are. Its rules:
//
//   - Keys first, then the password. Each is offered once: a second failure with the same secret is a step
//     towards a locked account.
//   - The password goes over the method "password" or over keyboard-interactive, never over both.
//   - keyboard-interactive gets the password for one hidden question that asks for it, and for nothing else.
type authenticator struct {
	signers  []ssh.Signer
	password secret
	hidden   secrets // not quoted back from the device

	keysOffered, passwordOffered bool
	rounds                       int // of keyboard-interactive
	err                          error
}

const mostRounds = 5

// next picks the next way to log in among those that the device accepts.
func (a *authenticator) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	accepted := func(method string) bool { return slices.Contains(c.AllowedMethods, method) }
	switch {
	case a.err != nil:
		return nil, a.err
	case len(a.signers) > 0 && !a.keysOffered && accepted("publickey"):
		a.keysOffered = true
		return ssh.PublicKeys(a.signers...), nil
	case a.password.text != "" && !a.passwordOffered && accepted("password"):
		a.passwordOffered = true
		return ssh.Password(a.password.text), nil
	case a.password.text != "" && !a.passwordOffered && accepted("keyboard-interactive"):
		a.passwordOffered = true
		return ssh.KeyboardInteractive(a.answer), nil
	}
	a.err = a.refused(c.AllowedMethods)
	return nil, a.err
}

// refused says what was tried and what the device would take.
func (a *authenticator) refused(accepted []string) error {
	var tried []string
	if a.keysOffered {
		tried = append(tried, "key")
	}
	if a.passwordOffered {
		tried = append(tried, "password")
	}
	const most = 6
	methods := strings.Join(quoted(accepted[:min(len(accepted), most)]), ", ")
	if methods == "" {
		methods = "no way to log in"
	}
	if len(tried) == 0 {
		return fmt.Errorf("the device accepts only %s, and no credential for that is configured", methods)
	}
	return fmt.Errorf("the device refused the %s; correct the credentials before the next attempt, since repeated failures lock accounts", strings.Join(tried, " and the "))
}

// passwordQuestion is a question for the password of the account.
//
//	Password:
//	admin@core1's password:
//	(admin@192.0.2.1) Password:
var passwordQuestion = regexp.MustCompile(`(?i)pass ?word|passwort|kennwort`)

// otherPassword is a question in which the account's password would be wrong.
//
//	New password:
//	Retype new password:
//	Your password has expired. Enter old password:
//	One-time password (OATH):
var otherPassword = regexp.MustCompile(`(?i)\bnew\b|\bold\b|re-?type|re-?enter|again|confirm|expire|change|one.time|token|otp|verification`)

// answer answers keyboard-interactive questions (RFC 4256).
func (a *authenticator) answer(_, _ string, questions []string, echos []bool) ([]string, error) {
	if a.rounds++; a.rounds > mostRounds {
		a.err = errors.New("the device asks one question after the other")
		return nil, a.err
	}
	if len(questions) == 0 {
		return []string{}, nil
	}
	question := questions[0]
	if len(questions) > 1 || echos[0] || !passwordQuestion.MatchString(question) || otherPassword.MatchString(question) {
		a.err = fmt.Errorf("the device asks something else than the password: %s", a.hidden.quote(question))
		return nil, a.err
	}
	if a.password.text == "" {
		a.err = a.refused([]string{"keyboard-interactive"})
		return nil, a.err
	}
	text := a.password.text
	a.password = secret{} // it is not given a second time
	return []string{text}, nil
}
