package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trueboot/reports"
)

// exitStatus is the annotation of a command that holds its exit statuses.
const exitStatus = "exit status"

// onlyGroup is the annotation of a command that does nothing but have others below it.
const onlyGroup = "group"

// exits makes the annotation.
func exits(text string) map[string]string { return map[string]string{exitStatus: text} }

// The exit statuses of commands that judge, and of all others.
const (
	judgedHelp = `  0  every required control is PASS, or what is wrong is explained by a change
     or waived
  1  the program could not do its work
  2  wrong usage
  3  no FAIL, but a required control is NOT-ASSESSED: a device was unreachable,
     refused a command, was not understood, or has nothing approved
  4  at least one FAIL that is neither explained nor waived, at or above --fail-on`
	workedHelp = `  0  done
  1  the program could not do its work
  2  wrong usage`
)

// mostHelp is how wide a help text gets: longer lines are hard to read.
const mostHelp = 90

// help prints the help text of a command: what it does, how it is called, its flags and its exit statuses.
func (p *program) help(c *cobra.Command, _ []string) {
	width := mostHelp
	if file := p.screen(); file != nil {
		if w := reports.Width(file); w > 0 {
			width = min(w-1, mostHelp)
		}
	}
	w := p.stdout
	text := c.Long
	if text == "" {
		text = strings.ToUpper(c.Short[:1]) + c.Short[1:] + "."
	}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		fmt.Fprintf(w, "%s\n", paragraphOf(paragraph, width))
	}
	fmt.Fprintf(w, "Usage:\n  %s\n", useLine(c))
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	var commands []*cobra.Command
	names := 0
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			commands, names = append(commands, sub), max(names, len(sub.Name()))
		}
	}
	if len(commands) > 0 {
		fmt.Fprintf(w, "\nCommands:\n")
		for _, sub := range commands {
			fmt.Fprintf(w, "  %-*s  %s\n", names, sub.Name(), reports.Wrap(sub.Short, names+4, width))
		}
	}
	fmt.Fprintf(w, "\nFlags:\n")
	writeFlags(w, c, width)
	if c.Annotations[exitStatus] != "" {
		fmt.Fprintf(w, "\n%s\n", reports.Wrap("What stands on the command line wins over the variable TRUEBOOT_ and the flag's name (--fail-on: "+
			variable("fail-on")+"), the variable over the settings file.", 0, width))
		fmt.Fprintf(w, "\nEXIT STATUS\n%s\n", c.Annotations[exitStatus])
	}
	if len(commands) > 0 {
		fmt.Fprintf(w, "\n%q tells more of a command.\n", c.CommandPath()+" COMMAND --help")
	}
}

// paragraphOf breaks the lines of a paragraph: text as it fits, the items of a list ("- ") each for itself, and what is indented, such as a file, not at all.
func paragraphOf(text string, width int) string {
	var out strings.Builder
	var block []string
	end := func() {
		if len(block) == 0 {
			return
		}
		joined := strings.Join(block, " ")
		if item, ok := strings.CutPrefix(joined, "- "); ok {
			out.WriteString("- " + reports.Wrap(item, 2, width) + "\n")
		} else {
			out.WriteString(reports.Wrap(joined, 0, width) + "\n")
		}
		block = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "  ") {
			end()
			out.WriteString(line + "\n")
			continue
		}
		if strings.HasPrefix(line, "- ") {
			end()
		}
		block = append(block, line)
	}
	end()
	return out.String()
}

// useLine is how a command is called.
func useLine(c *cobra.Command) string {
	if c.HasSubCommands() && c.Annotations[onlyGroup] == "" {
		return c.UseLine() + "\n  " + c.CommandPath() + " COMMAND"
	}
	if c.HasSubCommands() {
		return c.CommandPath() + " COMMAND"
	}
	return c.UseLine()
}

// writeFlags lists the flags of a command, those that many commands have last.
func writeFlags(w io.Writer, c *cobra.Command, width int) {
	type line struct{ name, text string }
	var own, shared []line
	widest := 0
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		argument, text := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if argument != "" {
			name += " " + argument
		}
		switch f.DefValue {
		case "", "false", "[]":
		default:
			text += " (default " + f.DefValue + ")"
		}
		widest = max(widest, len(name))
		if sharedFlags[f.Name] {
			shared = append(shared, line{name, text})
		} else {
			own = append(own, line{name, text})
		}
	})
	for _, l := range append(own, shared...) {
		fmt.Fprintf(w, "  %-*s  %s\n", widest, l.name, reports.Wrap(l.text, widest+4, width))
	}
}

// group makes a command that has commands below it and does nothing by itself.
func group(c *cobra.Command) *cobra.Command {
	c.Args = func(c *cobra.Command, arguments []string) error {
		if len(arguments) == 0 {
			return nil
		}
		text := fmt.Sprintf("unknown command %q for %q", arguments[0], c.CommandPath())
		c.SuggestionsMinimumDistance = 2
		if like := c.SuggestionsFor(arguments[0]); len(like) > 0 {
			text += "; did you mean " + strings.Join(like, " or ") + "?"
		}
		return usage("%s", text)
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	if c.Annotations == nil {
		c.Annotations = map[string]string{}
	}
	c.Annotations[onlyGroup] = "yes"
	return c
}

// helpCommand is cobra's, but for the exit status: a topic that there is not is wrong usage.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND…]",
		Short: "what a command does, its flags and its exit statuses",
		RunE: func(c *cobra.Command, arguments []string) error {
			command, rest, err := c.Root().Find(arguments)
			if err != nil || command == nil || len(rest) > 0 {
				return usage("%q is no command; \"trueboot help\" lists them", strings.Join(arguments, " "))
			}
			command.InitDefaultHelpFlag()
			return command.Help()
		},
	}
}

// takes says what a command has to be given: from least to most of a thing; most -1 for any number.
func takes(what string, least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, arguments []string) error {
		n := len(arguments)
		switch {
		case n < least:
			return usage("%s: %s is missing; see %q", c.CommandPath(), what, c.CommandPath()+" --help")
		case most == 0 && n > 0:
			return usage("%s takes no argument, and got %q; see %q", c.CommandPath(), arguments[0], c.CommandPath()+" --help")
		case most >= 0 && n > most:
			return usage("%s takes one %s, and got %q too; see %q", c.CommandPath(), what, arguments[most], c.CommandPath()+" --help")
		}
		return nil
	}
}

// screen is the file behind standard output, nil where there is none.
func (p *program) screen() *os.File {
	file, _ := p.stdout.to.(*os.File)
	return file
}
