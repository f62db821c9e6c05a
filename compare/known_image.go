package compare

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

// An identity is which image a file really is, by its digest, whatever its name.
type identity struct {
	kind  identityKind
	image baseline.KnownImage // the known image that it is; of a foreign one, the image whose name it bears
	fact  facts.Fact          // the digest that tells
	other facts.Fact          // of a chimera, the digest that belongs to another image
}

type identityKind int

const (
	unidentified identityKind = iota // nobody knows its digest, or the device stated none
	genuine                          // its digest and its name are those of a known image
	renamed                          // its digest is that of a known image of another name
	foreign                          // it bears the name of a known image, and has another digest
	chimera                          // one of its digests is that of a known image, another is not: the device makes them up
)

// identify finds out which image a file on the device is.
func (j *judgement) identify(file string) identity {
	return j.identifyBy(file, j.observed.digests(facts.ImageDigest, file))
}

// identifyBy finds that out by digests of the file.
func (j *judgement) identifyBy(file string, stated []digest) identity {
	if j.Known == nil {
		return identity{}
	}
	var found identity
	for _, d := range stated {
		for _, image := range j.Known.Digest(d.fact.Value) {
			if wrong, ok := disagrees(image, stated); ok {
				found = identity{chimera, image, d.fact, wrong}
				continue
			}
			if sameName(image.Name, file) || image.Name == "" {
				return identity{kind: genuine, image: image, fact: d.fact}
			}
			if found.kind != renamed {
				found = identity{kind: renamed, image: image, fact: d.fact}
			}
		}
		if found.kind != unidentified {
			return found
		}
	}
	// A name without a version, such as packages.conf or EOS.swi, is that of many images.
	if _, ok := j.versionInName(file); !ok {
		return identity{}
	}
	for _, image := range j.Known.Named(fileName(file)) {
		if wrong, ok := disagrees(image, stated); ok {
			return identity{kind: foreign, image: image, fact: wrong}
		}
	}
	return identity{}
}

// disagrees returns a stated digest that the image has another of in the same algorithm.
func disagrees(image baseline.KnownImage, stated []digest) (facts.Fact, bool) {
	for _, d := range stated {
		for _, known := range image.Digests {
			if algorithm, value, _ := strings.Cut(known, ":"); algorithm == d.algorithm && value != d.value {
				return d.fact, true
			}
		}
	}
	return facts.Fact{}, false
}

// fileName is the name of a file without its file system and folders.
func fileName(file string) string {
	_, rest := splitPrefix(file)
	return path.Base("/" + strings.TrimRight(rest, "/"))
}

func sameName(name, file string) bool { return strings.EqualFold(name, fileName(file)) }

// knownAs puts a known image into words: `"c2900.bin" (Cisco C2900 15.2(4)M6; vendor-signed, source 1, "BulkHashFile.tar")`.
func knownAs(image baseline.KnownImage) string {
	about := fmt.Sprintf("%s, %s", image.Provenance, image.Source)
	if image.Title != "" {
		about = image.Title + "; " + about
	}
	return fmt.Sprintf("%s (%s)", quote(image.Name), about)
}

// expected notes the known value that the observation was compared with.
func expected(image baseline.KnownImage, algorithm string, f Finding) Finding {
	value := image.Name
	for _, d := range image.Digests {
		if strings.HasPrefix(d, algorithm+":") {
			value = d
		}
	}
	f.Expected = &Expectation{Value: value, Provenance: image.Provenance, Since: image.Since}
	return f
}

// identified judges a file by what is known of its digest; ok is false where that says nothing. It outranks what was approved: an
// approval may have been made of a device that was patched already.
func (j *judgement) identified(file string) (f Finding, ok bool) {
	id := j.identify(file)
	switch id.kind {
	case foreign:
		message := fmt.Sprintf("%s bears the name of %s, and the device computes %s of it: it is not that image", quote(file), knownAs(id.image), short(id.fact.Value))
		return expected(id.image, algorithmOf(id.fact.Value), failed(file, message, id.fact)), true
	case chimera:
		message := fmt.Sprintf("%s of %s is that of %s, and %s is not: no file has both", short(id.fact.Value), quote(file), knownAs(id.image), short(id.other.Value))
		return expected(id.image, algorithmOf(id.other.Value), contradicting(failed(file, message, id.other, id.fact))), true
	case genuine, renamed:
		message := fmt.Sprintf("the device computes %s of %s, which is %s", short(id.fact.Value), quote(file), knownAs(id.image))
		if id.kind == renamed {
			message += ", under another name"
		}
		f := expected(id.image, algorithmOf(id.fact.Value), passed(file, message, id.fact))
		if algorithmOf(id.fact.Value) == "md5" {
			f.ResidualRisk = "MD5 only: it does not withstand an attacker who could also choose the known image."
		}
		return f, true
	}
	return Finding{}, false
}

// renamedImages finds images under the name of another version: whoever looks at the names sees that other one.
func (j *judgement) renamedImages() []Finding {
	var found []Finding
	told := map[string]bool{}
	for _, f := range j.observed.all(facts.ImageDigest) {
		file := j.paths.canonical(f.Subject)
		if told[file] {
			continue
		}
		told[file] = true
		id := j.identify(f.Subject)
		if id.kind != renamed {
			continue
		}
		named, ok := j.versionInName(f.Subject)
		if !ok {
			continue // a name that says nothing does not mislead
		}
		really := id.image.Version
		if inName, ok := j.versionInName(id.image.Name); ok {
			really = inName
		}
		order, _ := j.order(really, named)
		if really == "" || order == facts.Same {
			continue
		}
		message := fmt.Sprintf("%s is %s under another name: it says %s and is %s", quote(f.Subject), knownAs(id.image), quote(named), quote(really))
		if order == facts.Older || order == facts.Newer {
			message += fmt.Sprintf(", which is %s", order)
		}
		found = append(found, expected(id.image, algorithmOf(id.fact.Value), contradicting(graded(Critical, failed(f.Subject, message, id.fact)))))
	}
	return found
}

// withdrawnImages finds files that are images which their vendor took back, by digest, or where that was not computed by name and size.
func (j *judgement) withdrawnImages() []Finding {
	if j.Known == nil {
		return nil
	}
	var found []Finding
	told := map[string]bool{}
	for _, f := range slices.Concat(j.observed.all(facts.ImageDigest), j.observed.all(facts.File)) {
		file := j.paths.canonical(f.Subject)
		if told[file] {
			continue
		}
		image, ok := j.withdrawn(f)
		if !ok {
			continue
		}
		told[file] = true
		message := fmt.Sprintf("%s is %s, which its vendor has withdrawn", quote(f.Subject), knownAs(image))
		if f.Kind == facts.File {
			message += "; its name and size say so, no digest does"
		}
		found = append(found, expected(image, algorithmOf(f.Value), failed(f.Subject, message, f)))
	}
	return found
}

func (j *judgement) withdrawn(f facts.Fact) (baseline.KnownImage, bool) {
	if f.Kind == facts.ImageDigest {
		id := j.identify(f.Subject)
		return id.image, (id.kind == genuine || id.kind == renamed) && id.image.Withdrawn
	}
	if len(j.observed.digests(facts.ImageDigest, f.Subject)) > 0 {
		return baseline.KnownImage{}, false
	}
	for _, image := range j.Known.Named(fileName(f.Subject)) {
		if image.Withdrawn && image.Size > 0 && fmt.Sprint(image.Size) == f.Value {
			return image, true
		}
	}
	return baseline.KnownImage{}, false
}

// wrongSizes finds files that bear the name of a known image, a name with a version in it, and have a size that none of that name has.
func (j *judgement) wrongSizes() []Finding {
	if j.Known == nil {
		return nil
	}
	var found []Finding
	for _, f := range j.observed.all(facts.File) {
		if _, ok := j.versionInName(f.Subject); !ok {
			continue
		}
		images := slices.DeleteFunc(slices.Clone(j.Known.Named(fileName(f.Subject))), func(i baseline.KnownImage) bool { return i.Size == 0 })
		if len(images) == 0 || slices.ContainsFunc(images, func(i baseline.KnownImage) bool { return fmt.Sprint(i.Size) == f.Value }) {
			continue
		}
		message := fmt.Sprintf("%s has %s and bears the name of %s, which has %d", quote(f.Subject), extent(f), knownAs(images[0]), images[0].Size)
		finding := graded(Critical, failed(f.Subject, message, f))
		finding.Expected = &Expectation{Value: fmt.Sprint(images[0].Size), Provenance: images[0].Provenance, Since: images[0].Since}
		found = append(found, finding)
	}
	return found
}
