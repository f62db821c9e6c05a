package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"trueboot/inventory"
)

// referenceSettings is the annotated settings file. A test reads it back.
//
//go:embed trueboot.yaml
var referenceSettings []byte

func (p *program) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "write an annotated trueboot.yaml and inventory.yaml",
		Long: `Write trueboot.yaml (settings) and inventory.yaml (devices) into the folder, the working directory by default. Every field
is there with what it means. A file that exists is left alone, and the command then ends with status 1.`,
		Annotations: exits(`  0  both were written
  1  one of them could not be written, or is there already
  2  wrong usage`),
		Args: takes("FOLDER", 0, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			folder := "."
			if len(arguments) > 0 {
				folder = arguments[0]
			}
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			var problems []error
			for _, file := range []struct {
				name string
				text []byte
			}{{defaultConfig, referenceSettings}, {"inventory.yaml", []byte(inventory.Reference)}} {
				path := filepath.Join(folder, file.name)
				if err := writeNew(path, file.text); err != nil {
					problems = append(problems, err)
					continue
				}
				fmt.Fprintf(p.stdout, "wrote %s\n", path)
			}
			if len(problems) == 0 {
				fmt.Fprintf(p.stdout, "Next: put your devices into %s, then \"trueboot sweep --dry-run\" shows what would be typed on them.\n", filepath.Join(folder, "inventory.yaml"))
			}
			return errors.Join(problems...)
		},
	}
}

// writeNew writes a file that must not be there yet.
func writeNew(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and was left alone", path)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path)) // half a file would be taken for a whole one
	}
	return nil
}
