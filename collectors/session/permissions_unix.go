//go:build unix

package session

import (
	"fmt"
	"os"
)

// checkOwnerReads refuses a file that others than its owner can read or write.
func checkOwnerReads(file *os.File) error {
	return checkMode(file, 0o077, "other users can read it")
}

// checkOwnerWrites refuses a file that others than its owner can write.
func checkOwnerWrites(file *os.File) error {
	return checkMode(file, 0o022, "other users can write to it")
}

func checkMode(file *os.File, forbidden os.FileMode, why string) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&forbidden != 0 {
		return fmt.Errorf("%s: %s (mode %04o); run: chmod 600 %s", file.Name(), why, info.Mode().Perm(), file.Name())
	}
	return nil
}
