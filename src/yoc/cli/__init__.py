"""The command line: parse, call a workflow, print, leave with an exit code."""

from yoc.cli.commands import main
