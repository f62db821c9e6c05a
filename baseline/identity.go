package baseline

import "errors"

// ErrNoIdentity means that certificates are of no device's trust anchor, or can't be read: nothing follows from them.
var ErrNoIdentity = errors.New("no identity of a device")
