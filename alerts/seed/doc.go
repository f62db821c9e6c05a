// Package seed runs the two queries that the project began from, exactly as they are written, so that anyone can see that nothing of them
// was dropped and what was wrong with them (docs/detections.md).
//
// A query is data that reads like its KQL: legs with filters in order, lists, severities, scores. [Judge] puts one record to both.
// Documentation of the operators: https://learn.microsoft.com/kusto/query/datatypes-string-operators.
package seed
