package facts

// An Order is how one version stands to another.
type Order string

// The orders of two versions. The zero value is none of them.
const (
	Same         Order = "same"
	Older        Order = "older"
	Newer        Order = "newer"
	Incomparable Order = "not comparable" // another train or product, or not a version of this platform
)

// A VersionOrder tells how version a stands to version b on one platform: Older
// when a came before b. With [Incomparable] the second result says why, for a person; it is
// empty otherwise, or holds a remark such as "development build".
//
// Each platform has one (see collectors.Platform); packages that judge get it as a
// value and so need no vendor's code.
type VersionOrder func(a, b string) (Order, string)

// OrderOf is the order of two versions whose numbers compare as [cmp.Compare] says: below 0 for older, 0 for same, above 0 for newer.
func OrderOf(c int) Order {
	switch {
	case c < 0:
		return Older
	case c > 0:
		return Newer
	}
	return Same
}
