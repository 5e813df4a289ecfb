"""A noun's verbs as `--help` lists them."""

from __future__ import annotations

import click

WHOLE = 400  # characters; no command's first sentence is so long
INDENT = 2  # spaces, as click puts before all that follows the usage


class Verb(click.Command):
    """Shows its example on one line, however narrow the terminal is: a wrapped one does something else when it is copied."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the epilog as it stands."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write(f"{'':{formatter.current_indent + INDENT}}{self.epilog}\n")


class Verbs(click.Group):
    """Lists its commands with the whole first sentence of each: one that is cut off does not say what happens."""

    command_class = Verb
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a paragraph for each command, as wide as the terminal is."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(WHOLE)) for name, command in found if command and not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
