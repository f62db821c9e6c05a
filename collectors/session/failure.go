package session

import (
	"context"
	"errors"
	"fmt"

	"trueboot/collectors"
	"trueboot/facts"
)

// failed makes the error of a session: the reason that a report prints, and what a person needs
// to know.
func failed(reason facts.Reason, format string, arguments ...any) *collectors.Failure {
	return &collectors.Failure{Reason: reason, Err: fmt.Errorf(format, arguments...)}
}

// givenUp is the failure of what was stopped because its context ended.
func givenUp(ctx context.Context) *collectors.Failure {
	err := context.Cause(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return failed(facts.Timeout, "out of time: %w", err)
	}
	return failed(facts.SessionLost, "given up: %w", err)
}

// within puts the context in front of a failure and keeps its reason.
func within(f *collectors.Failure, context string) *collectors.Failure {
	return &collectors.Failure{Reason: f.Reason, Err: fmt.Errorf("%s: %w", context, f.Err)}
}

// asFailure returns the failure that an error is, or makes one of it.
func asFailure(err error) *collectors.Failure {
	var f *collectors.Failure
	if errors.As(err, &f) {
		return f
	}
	return failed(facts.SessionLost, "%w", err)
}
