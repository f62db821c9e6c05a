package imagedb

import (
	"errors"
	"fmt"
	"io"

	"trueboot/baseline/known"
)

// Import reads a file to its end and makes its rows count. Rows that can't be read are told one by one and left out. Where nobody vouches
// for the file (known.ErrUnsigned), where rows contradict each other (ErrDisputed), or where it was imported before (ErrImported), nothing
// changes.
func (s *Store) Import(in *known.Input, source known.Source, leaveOut bool, problem func(*known.RowError)) (known.Source, []Dispute, error) {
	w, err := s.Begin()
	if err != nil {
		return source, nil, err
	}
	rows, stop := readAhead(in)
	defer stop()
	for batch := range rows {
		for _, r := range batch {
			var wrong *known.RowError
			if errors.As(r.err, &wrong) {
				source.Problems++
				problem(wrong)
				continue
			}
			err := r.err
			if err == nil {
				err = w.Add(r.image)
			}
			if err != nil {
				return source, nil, fmt.Errorf("%s: %w; nothing was changed", source.File, err)
			}
		}
	}
	if source.SHA256, err = in.SHA256(); err != nil {
		return source, nil, err
	}
	if err := s.Imported(source.SHA256); err != nil {
		return source, nil, err
	}
	if source.Vouched, err = in.Vouched(); err != nil {
		return source, nil, fmt.Errorf("%s: %w; nothing was changed", source.File, err)
	}
	if w.images == 0 {
		return source, nil, fmt.Errorf("%s: no row of it could be read; nothing was changed", source.File)
	}
	source.Format, source.Provenance, source.Published = in.Format, in.Provenance, in.Published()
	return w.Commit(source, leaveOut)
}

// A readRow is what one call of Next yielded.
type readRow struct {
	image known.Image
	err   error
}

// readAhead reads rows on one processor while what was read is packed and sorted on another. The last batch is read when the channel
// ends. Stop waits until the reader has let go of the file.
func readAhead(in known.Rows) (batches <-chan []readRow, stop func()) {
	const size, ahead = 512, 4
	rows, quit := make(chan []readRow, ahead), make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(rows)
		for end := false; !end; {
			batch := make([]readRow, 0, size)
			for len(batch) < size && !end {
				image, err := in.Next()
				var wrong *known.RowError
				switch {
				case errors.Is(err, io.EOF):
					end = true
				case err != nil && !errors.As(err, &wrong):
					end = true
					fallthrough
				default:
					batch = append(batch, readRow{image, err})
				}
			}
			select {
			case rows <- batch:
			case <-quit:
				return
			}
		}
	}()
	return rows, func() {
		close(quit)
		<-done
	}
}
