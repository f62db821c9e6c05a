package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/manifest"
	"trueboot/baseline/signature"
	"trueboot/baseline/store"
	"trueboot/collectors/session"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
)

// A signedManifest is a baseline as it is, with who signed it.
type signedManifest struct {
	manifest manifest.Manifest
	by, key  string
	at       time.Time // when the signature was kept; zero where that is not known
}

// allowedSigners reads --signers.
func (p *program) allowedSigners() (*signature.Signers, error) {
	text, err := os.ReadFile(p.settings.signers)
	if err != nil {
		return nil, usage("--signers: %w", err)
	}
	signers, err := signature.ParseSigners(p.settings.signers, text)
	if err != nil {
		return nil, &status{statusUsage, err}
	}
	return signers, nil
}

// signedBaseline checks the last signature of a baseline. Without one that holds, nothing is judged: whoever could edit the
// baseline could make any device pass.
func (p *program) signedBaseline(file *store.Store) (s signedManifest, err error) {
	signers, err := p.allowedSigners()
	if err != nil {
		return s, err
	}
	if s.manifest, err = manifest.Build(file, nil); err != nil {
		return s, err
	}
	last, err := file.Signature()
	if err != nil {
		return s, err
	}
	path := p.settings.baselinePath()
	if last == nil {
		return s, fmt.Errorf("%s: %w: it was never signed; trueboot baseline sign does that", path, signature.ErrNotSigned)
	}
	if last.Manifest != s.manifest.Digest() {
		what := fmt.Sprintf("it had %d records then and has %d now", last.Serial, s.manifest.Serial)
		if last.Serial == s.manifest.Serial {
			what = "one of its records is another"
		}
		return s, fmt.Errorf("%s: %w: it was changed after it was signed on %s (%s); see what changed, then sign it again with trueboot baseline sign",
			path, signature.ErrNotSigned, last.At.Format(time.DateTime), what)
	}
	by, key, err := signers.Verify([]byte(last.Armoured), signature.Namespace, s.manifest.Text(), time.Now())
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	s.by, s.key, s.at = by, signature.Fingerprint(key), last.At
	return s, nil
}

// rolledBack refuses a baseline that is older than the one of the last run, or another of the same age: a signature of an old one still holds.
func (p *program) rolledBack(seen *history.Store, approved *store.Snapshot, accept bool) error {
	last, err := seen.Last()
	if err != nil || last == nil || accept {
		return err
	}
	const do = "if that is meant, sweep once with --accept-rollback"
	switch now := approved.Serial(); {
	case now < last.BaselineSerial:
		return fmt.Errorf("%s: was rolled back: it holds %d approvals and decisions, and the one of run %s held %d; %s", p.settings.baselinePath(), now, last.ID, last.BaselineSerial, do)
	case now == last.BaselineSerial && p.signed != "" && last.BaselineDigest != "" && p.signed != last.BaselineDigest:
		return fmt.Errorf("%s: is another than the one of run %s, though nothing was added: one of its records was edited; %s", p.settings.baselinePath(), last.ID, do)
	}
	return nil
}

func (p *program) baselineSignCommand() *cobra.Command {
	var key, passphrase string
	c := &cobra.Command{
		Use:   "sign",
		Short: "sign the whole baseline with an SSH key",
		Long: `Sign all that is approved and decided, as it is now, with an SSH key. A sweep with --signers judges by nothing else; every
later approval or waiver has to be signed again.

--key names a private key, or a public one for which the SSH agent signs (a hardware key too). The signature is the one that
"ssh-keygen -Y sign -n trueboot-baseline" would make of the manifest, which trueboot baseline export writes beside it.`,
		Args:        takes("argument", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, _ []string) error {
			if key == "" {
				return usage("--key is required: the SSH key to sign with")
			}
			signer, done, err := p.signingKey(c.Context(), key, passphrase)
			if err != nil {
				return err
			}
			defer done()
			approvals, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer approvals.Close()
			m, err := manifest.Build(approvals, nil)
			if err != nil {
				return err
			}
			if m.Serial == 0 {
				return errors.New("nothing is approved yet, so that there is nothing to sign: trueboot baseline approve")
			}
			text, err := signature.Sign(signer, signature.Namespace, m.Text())
			if err != nil {
				return err
			}
			if err := approvals.Sign(store.Signature{Serial: m.Serial, Manifest: m.Digest(), Armoured: string(text), At: time.Now().UTC()}); err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "signed %d approvals and decisions with %s\n", m.Serial, signature.Fingerprint(signer.PublicKey()))
			return approvals.Close()
		},
	}
	c.Flags().StringVar(&key, "key", "", "private key `file`, or a public one for a key of the SSH agent: required")
	c.Flags().StringVar(&passphrase, "passphrase-from", "", "`where` the key's passphrase is: env:NAME, file:PATH, command:PROGRAM ARGUMENTS, or prompt (the default)")
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) baselineVerifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify [FOLDER]",
		Short: "check the signature of the baseline, or of an export",
		Long: `Check that the baseline is as one of --signers signed it, or that an export in FOLDER is: every file against the manifest, and
the manifest's signature.`,
		Args: takes("FOLDER", 0, 1),
		Annotations: exits(`  0  the signature holds
  1  the program could not do its work
  2  wrong usage
  4  the signature does not hold, or a file is not as the manifest says`),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if p.settings.signers == "" {
				return usage("--signers is required: a file of allowed signers says whose signature counts")
			}
			signed, err := p.verifiedBaseline(arguments)
			if errors.Is(err, signature.ErrNotSigned) || errors.Is(err, manifest.ErrChanged) {
				return &status{statusFail, err}
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "good signature by %s (%s) of %d approvals and decisions", reports.Printable(signed.by, 100), signed.key, signed.manifest.Serial)
			if !signed.at.IsZero() {
				fmt.Fprintf(p.stdout, ", made on %s", signed.at.Format(time.DateTime))
			}
			fmt.Fprintln(p.stdout)
			return nil
		},
	}
	p.settings.registerSigners(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) verifiedBaseline(arguments []string) (s signedManifest, err error) {
	if len(arguments) == 1 {
		export, err := manifest.Open(arguments[0])
		if err != nil {
			return s, err
		}
		if s, err = p.verifiedExport(arguments[0], export); err != nil {
			return s, err
		}
		return s, export.Each(func(string, []baseline.Approval) error { return nil })
	}
	file, err := p.openBaseline()
	if err != nil {
		return s, err
	}
	defer file.Close()
	return p.signedBaseline(file)
}

// verifiedExport checks the signature of an export's manifest.
func (p *program) verifiedExport(folder string, export *manifest.Export) (s signedManifest, err error) {
	signers, err := p.allowedSigners()
	if err != nil {
		return s, err
	}
	if export.Signature == nil {
		return s, fmt.Errorf("%s: %w: there is none", filepath.Join(folder, manifest.SignatureName), signature.ErrNotSigned)
	}
	by, key, err := signers.Verify(export.Signature, signature.Namespace, export.Manifest.Text(), time.Now())
	if err != nil {
		return s, fmt.Errorf("%s: %w", folder, err)
	}
	return signedManifest{manifest: export.Manifest, by: by, key: signature.Fingerprint(key)}, nil
}

func (p *program) baselineExportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "export FOLDER",
		Short: "write the baseline as text that git can keep",
		Long: `Write the whole baseline into a folder: a file for each device, one for the decisions, a MANIFEST with the SHA-256 of each, and
MANIFEST.sig where the baseline is signed as it is. What did not change is not touched, and a new approval changes only the lines about what
is new, so that a commit shows what was approved.

Nobody needs trueboot to check it: "sha256sum -c MANIFEST", and "ssh-keygen -Y verify -f allowed_signers -I WHO -n trueboot-baseline
-s MANIFEST.sig < MANIFEST".`,
		Args:        takes("FOLDER", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			file, err := p.openBaseline()
			if err != nil {
				return err
			}
			defer file.Close()
			last, err := file.Signature()
			if err != nil {
				return err
			}
			signed := false
			m, err := manifest.Write(arguments[0], file, func(m manifest.Manifest) []byte {
				if signed = last != nil && last.Manifest == m.Digest(); signed {
					return []byte(last.Armoured)
				}
				return nil
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%s: %d approvals and decisions in %d files\n", reports.Printable(arguments[0], 300), m.Serial, len(m.Files))
			if !signed {
				p.say("it is not signed as it is: trueboot baseline sign, then export again, or sign %s with ssh-keygen", filepath.Join(arguments[0], manifest.Name))
			}
			return nil
		},
	}
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) baselineImportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import FOLDER",
		Short: "take over what an export holds and this baseline lacks",
		Long: `Take over the approvals, retirements and decisions of an export that this baseline lacks, all or nothing. What both hold has to
be the same; where it is not, one of the two was edited, and nothing is changed.

With --signers, the export has to be signed by one of them. Where the baseline is afterwards what was signed, it is signed too.`,
		Args:        takes("FOLDER", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			export, err := manifest.Open(arguments[0])
			if err != nil {
				return withHint(err, "name a folder that trueboot baseline export wrote")
			}
			if p.settings.signers != "" {
				if _, err := p.verifiedExport(arguments[0], export); err != nil {
					return err
				}
			}
			file, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer file.Close()
			added, err := file.Import(export.Decisions, export.Each)
			if err != nil {
				return fmt.Errorf("%s: %w; nothing was changed", arguments[0], err)
			}
			fmt.Fprintf(p.stdout, "took over %d approvals, %d retirements and %d decisions\n", added.Approvals, added.Retirements, added.Decisions)
			if err := p.keepSignature(file, export); err != nil {
				return err
			}
			return file.Close()
		},
	}
	p.settings.registerSigners(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

// keepSignature keeps an export's signature where the baseline is what it was made of.
func (p *program) keepSignature(file *store.Store, export *manifest.Export) error {
	now, err := manifest.Build(file, nil)
	if err != nil {
		return err
	}
	last, err := file.Signature()
	if err != nil {
		return err
	}
	digest := now.Digest()
	switch {
	case export.Signature == nil:
		return nil
	case digest != export.Manifest.Digest():
		p.say("this baseline holds more than the export, so that the export's signature is not its own: trueboot baseline sign")
		return nil
	case last != nil && last.Manifest == digest:
		return nil
	}
	if _, err := signature.Verify(export.Signature, signature.Namespace, now.Text()); err != nil {
		p.say("the export's signature was not taken over: %v", err)
		return nil
	}
	return file.Sign(store.Signature{Serial: now.Serial, Manifest: digest, Armoured: string(export.Signature), At: time.Now().UTC()})
}

// signingKey returns the key in a file, or that of the agent. Whoever got it calls done.
func (p *program) signingKey(ctx context.Context, key, passphrase string) (signer signature.Key, done func(), err error) {
	var reference inventory.Secret
	if passphrase != "" {
		if reference, err = inventory.ParseSecret(".", passphrase); err != nil {
			return nil, nil, usage("--passphrase-from: %w", err)
		}
	}
	return session.SigningKey(ctx, key, reference, session.NewCredentials())
}
