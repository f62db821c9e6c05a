// Package literals finds which of many fixed texts stand in a line, whatever their case, in one pass (Aho and Corasick, 1975).
package literals
