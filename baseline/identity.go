package baseline

import "errors"

// ErrNoIdentity means that certificates are of no device's trust anchor, or can't be read: nothing follows from them.
var ErrNoIdentity = errors.New("no identity of a device")

// Measured stands before the algorithm of a digest that a secure boot measures (Cisco's biv_hash), "biv-sha256:<hex>", in what is known about images. It is not that
// of the file.
const Measured = "biv-"
