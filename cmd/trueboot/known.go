package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/imagedb"
	"trueboot/baseline/known"
	"trueboot/reports"
)

func (p *program) knownCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "known",
		Short: "import what vendors publish about their images, and look images up",
		Long: `Known images say which product, version and file name a digest belongs to, and who vouches for it. What is imported stands in
known.db beside the baseline. It can be imported again at any time, so it is not part of it.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.knownImportCommand(), p.knownListCommand(), p.knownLookupCommand(), p.knownRetireCommand())
	return c
}

// openKnown opens the known images for reading.
func (p *program) openKnown() (*imagedb.Store, error) {
	known, err := imagedb.OpenReadOnly(p.settings.knownPath())
	return known, withHint(err, "nothing is known yet: begin with trueboot known import FILE")
}

// knownImport is what the flags of an import say.
type knownImport struct {
	columns, provenance, signature, certificate, note, by string
	roots, pins                                           []string
	unsigned, skipDisputed                                bool
	format                                                string
}

func (p *program) knownImportCommand() *cobra.Command {
	var k knownImport
	c := &cobra.Command{
		Use:   "import FILE…",
		Short: "import lists of digests, or images of your own",
		Long: `Import what is known about images. What a file is shows in its content:

- Cisco's bulk hash file (BulkHashFile.tar) and Known Good Values (JSON). Cisco signs both: the signature must hold, and its certificate
must lead to a root that you name (--root) or pin (--pin). Nothing is fetched. --unsigned takes them without, and says so ever after.

- Lists as md5sum, sha1sum, sha256sum and sha512sum print them, BSD and OpenSSL lines, Cisco's "verify /md5 (…) = …", and files beside an
image that hold its digest alone (EOS.swi.sha512). Say with --provenance where the values come from.

- Tables with commas, semicolons or tabs. The columns are known by their headings, or by --columns.

- Image files, and folders of them: every digest is computed, and the version in Cisco's and Arista's images is read.

A file is imported whole or not at all. A row that can't be read is reported with its line and left out. Rows that state different
digests of the same file contradict each other, and end the import.`,
		Example: `  trueboot known import BulkHashFile.tar --root crcam2.pem
  trueboot known import SHA512SUMS --provenance vendor-page \
    --note https://vendor.example/downloads
  trueboot known import panos.csv --columns filename=2,sha256=Checksum \
    --provenance vendor-page
  trueboot known import /srv/images`,
		Args:        takes("FILE", 1, -1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, files []string) error {
			if err := checkFormat(k.format); err != nil {
				return err
			}
			options, err := k.options()
			if err != nil {
				return err
			}
			store, err := imagedb.Open(p.settings.knownPath())
			if err != nil {
				return err
			}
			defer store.Close()
			var failed []error
			for _, file := range files {
				if err := p.importKnown(store, file, k, options); err != nil {
					failed = append(failed, err)
				}
			}
			return errors.Join(append(failed, store.Close())...)
		},
	}
	f := c.Flags()
	f.StringVar(&k.provenance, "provenance", "", "where unsigned values come `from`: vendor-page, or own-image")
	f.StringVar(&k.columns, "columns", "", "what the columns of a table are: `filename=1,sha512=SHA-512,…`, by number or heading")
	f.StringSliceVar(&k.roots, "root", nil, "`file` of root certificates (PEM) that a signature may lead to, and of those between")
	f.StringSliceVar(&k.pins, "pin", nil, "SHA-256 `fingerprint` of a root that the list itself brings along")
	f.BoolVar(&k.unsigned, "unsigned", false, "take without its signature what the vendor signs")
	f.StringVar(&k.signature, "signature", "", "`file` with the signature of a Known Good Values document")
	f.StringVar(&k.certificate, "certificate", "", "`file` with the certificate of that signature")
	f.BoolVar(&k.skipDisputed, "skip-disputed", false, "leave out rows that contradict what is known")
	f.StringVar(&k.note, "note", "", "`text` to keep with it: a web address, a ticket")
	f.StringVar(&k.by, "by", collector(), "`who` imports")
	registerFormat(f, &k.format)
	p.settings.registerStore(f)
	return c
}

func (k knownImport) options() (known.Options, error) {
	o := known.Options{Unsigned: k.unsigned, Now: time.Now()}
	switch p := baseline.Provenance(k.provenance); p {
	case "", baseline.VendorPage, baseline.OwnImage:
		o.Provenance = p
	default:
		return o, usage("--provenance %q: vendor-page or own-image; vendor-signed is what has a signature that holds", k.provenance)
	}
	var err error
	if k.columns != "" {
		if o.Columns, err = known.ParseMapping(k.columns); err != nil {
			return o, usage("--columns: %w", err)
		}
	}
	if (k.signature == "") != (k.certificate == "") {
		return o, usage("--signature and --certificate belong together")
	}
	if k.unsigned && (len(k.roots) > 0 || len(k.pins) > 0 || k.signature != "") {
		return o, usage("--unsigned with --root, --pin or --signature: is the signature to be checked, or not?")
	}
	if k.signature != "" {
		if o.Signature, err = os.ReadFile(k.signature); err != nil {
			return o, err
		}
		if o.Certificate, err = os.ReadFile(k.certificate); err != nil {
			return o, err
		}
	}
	for _, file := range k.roots {
		data, err := os.ReadFile(file)
		if err != nil {
			return o, err
		}
		certificates, err := known.ParseCertificates(data)
		if err != nil {
			return o, fmt.Errorf("%s: %w", file, err)
		}
		o.Roots.Certificates = append(o.Roots.Certificates, certificates...)
	}
	for _, pin := range k.pins {
		if d, err := known.ParseDigest(pin); err != nil || d.Algorithm != "sha256" {
			return o, usage("--pin %q: not a SHA-256 fingerprint, 64 hexadecimal digits", pin)
		}
		o.Roots.Pins = append(o.Roots.Pins, pin)
	}
	return o, nil
}

// mostProblems is how many rows of a file are reported one by one.
const mostProblems = 20

// importKnown imports a file, or the files of a folder.
func (p *program) importKnown(store *imagedb.Store, file string, k knownImport, o known.Options) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return p.importFolder(store, file, k, o)
	}
	if terminal, ok := p.stderr.(*os.File); ok {
		progress := reports.NewBytesRead(terminal, filepath.Base(file), info.Size())
		defer progress.Close()
		o.Progress = progress.Add
	}
	in, err := known.Open(file, o)
	if err != nil {
		return err
	}
	defer in.Close()
	problems := 0
	source, disputes, err := store.Import(in, known.Source{File: file, By: k.by, At: time.Now().UTC(), Note: k.note}, k.skipDisputed, func(e *known.RowError) {
		if problems++; problems <= mostProblems {
			p.say("%s:%d: left out: %v", file, e.Line, e.Err)
		}
	})
	if problems > mostProblems {
		p.say("%s: %d more rows were left out", file, problems-mostProblems)
	}
	for _, d := range disputes {
		p.say("%s: %s", file, d)
	}
	if errors.Is(err, imagedb.ErrImported) {
		p.say("%s: %v; nothing was changed", file, err)
		return nil
	}
	if err != nil {
		return err
	}
	if k.format == "json" {
		return reports.WriteMessage(p.stdout, "source", source)
	}
	p.writeSource(source)
	return nil
}

// importFolder imports the files below a folder, each a source of its own. Links are not followed.
func (p *program) importFolder(store *imagedb.Store, folder string, k knownImport, o known.Options) error {
	var failed []error
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if err := p.importKnown(store, path, k, o); err != nil {
				failed = append(failed, err)
			}
		}
		return err
	})
	return errors.Join(append(failed, err)...)
}

func (p *program) writeSource(s known.Source) {
	fmt.Fprintf(p.stdout, "source %d  %s: %s, %d images, provenance %s\n", s.Number, reports.Printable(s.File, 200), s.Format, s.Images, s.Provenance)
	for _, line := range []struct{ what, text string }{{"", s.Vouched}, {"note: ", s.Note}, {"RETIRED: ", s.Retired}} {
		if line.text != "" {
			fmt.Fprintf(p.stdout, "  %s%s\n", line.what, reports.Printable(line.text, 1000))
		}
	}
	if s.Problems > 0 {
		fmt.Fprintf(p.stdout, "  %d rows were left out\n", s.Problems)
	}
}

func (p *program) knownListCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:         "list",
		Short:       "list what was imported",
		Args:        takes("", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			store, err := p.openKnown()
			if err != nil {
				return err
			}
			defer store.Close()
			sources, err := store.Sources()
			if err != nil {
				return err
			}
			for _, s := range sources {
				if format == "json" {
					if err := reports.WriteMessage(p.stdout, "source", s); err != nil {
						return err
					}
					continue
				}
				p.writeSource(s)
				fmt.Fprintf(p.stdout, "  imported on %s by %s, sha256 %s\n", s.At.Format(time.DateTime), reports.Printable(s.By, 100), s.SHA256)
			}
			return nil
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

// knownLookupHelp are the exit statuses of a lookup.
const knownLookupHelp = `  0  each is known
  1  the program could not do its work
  2  wrong usage
  3  at least one is known to nobody
  4  at least one bears the name of a known image and has another digest, or was
     withdrawn by its vendor`

func (p *program) knownLookupCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "lookup DIGEST|FILE|NAME…",
		Short: "say which image a digest or a file is",
		Long: `Say what is known about a digest (in hexadecimal, with or without "sha512:" before it), about a file that is here, which is
hashed, or about the name of an image.`,
		Args:        takes("DIGEST, FILE or NAME", 1, -1),
		Annotations: exits(knownLookupHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			store, err := p.openKnown()
			if err != nil {
				return err
			}
			defer store.Close()
			worst := statusPass
			for _, argument := range arguments {
				answer, err := lookUp(store, argument)
				if err != nil {
					return err
				}
				if format == "json" {
					err = reports.WriteMessage(p.stdout, "lookup", answer)
				} else {
					answer.write(p.stdout)
				}
				if err != nil {
					return err
				}
				worst = max(worst, answer.status())
			}
			if worst != statusPass {
				return &status{code: worst}
			}
			return nil
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) knownRetireCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:         "retire SOURCE",
		Short:       "make the rows of a source count no more",
		Long:        `Make the rows of a source (a number of "trueboot known list") count no more. The source stays in the list, with who retired it and why.`,
		Args:        takes("SOURCE", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			number, err := strconv.Atoi(arguments[0])
			if err != nil {
				return usage("%q is no number of a source; see trueboot known list", arguments[0])
			}
			store, err := imagedb.Open(p.settings.knownPath())
			if err != nil {
				return err
			}
			defer store.Close()
			why := fmt.Sprintf("on %s by %s: %s", time.Now().UTC().Format(time.DateTime), d.by, d.reason)
			if d.ticket != "" {
				why += " (" + d.ticket + ")"
			}
			if err := store.Retire(number, strings.TrimSpace(why)); err != nil {
				return err
			}
			return store.Close()
		},
	}
	d.register(c)
	p.settings.registerStore(c.Flags())
	return c
}
