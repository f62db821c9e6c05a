// Package seed runs the two queries that the project began from, exactly as they are written.
package seed
