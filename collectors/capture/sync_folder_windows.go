//go:build windows

package capture

// syncFolder has nothing to do: NTFS journals the names in a folder.
func syncFolder(string) error { return nil }
