"""Every command says what it does and shows itself in use, and what it shows can be typed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk

EXAMPLE = "Example: kiosk "


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below this one, and itself, with the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None, name
            yield from commands(below, (*path, name))


ALL = [pytest.param(path, command, id=" ".join(path) or "kiosk") for path, command in commands(kiosk)]


def example_of(command: click.Command) -> list[str]:
    """Return the words after `kiosk` that the command's help shows."""
    assert command.epilog and command.epilog.startswith(EXAMPLE)
    return shlex.split(command.epilog.removeprefix(EXAMPLE))


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that the first of the words name, and the rest."""
    command: click.Command = kiosk
    while isinstance(command, click.Group) and words:
        below = command.get_command(click.Context(command), words[0])
        assert below is not None, f"kiosk has no {words[0]!r} there"
        command, words = below, words[1:]
    return command, words


@pytest.mark.parametrize(("path", "command"), ALL)
def test_it_says_what_it_does_and_so_does_each_option(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)] == []


@pytest.mark.parametrize(("path", "command"), ALL)
def test_its_example_shows_this_very_command(path: tuple[str, ...], command: click.Command) -> None:
    shown, _ = resolve(example_of(command))

    assert tuple(example_of(command)[: len(path)]) == path
    assert shown is command or isinstance(command, click.Group)


@pytest.mark.parametrize(("path", "command"), ALL)
def test_its_example_is_understood_as_it_stands(path: tuple[str, ...], command: click.Command) -> None:
    shown, rest = resolve(example_of(command))

    given, left, _ = shown.make_parser(click.Context(shown)).parse_args(rest)

    assert left == []
    assert not isinstance(shown, click.Group)
    required = [each.name for each in shown.params if each.required and not getattr(each, "prompt", None)]
    assert [name for name in required if not isinstance(given.get(name), str | tuple)] == []


@pytest.mark.parametrize(("path", "command"), ALL)
def test_help_is_printed_with_the_example_as_it_can_be_copied(path: tuple[str, ...], command: click.Command) -> None:
    ran = CliRunner().invoke(kiosk, [*path, "--help"], terminal_width=80)

    assert ran.exit_code == 0
    assert f"  {command.epilog}\n" in ran.output  # on one line: a name that is cut in two is another name


@pytest.mark.parametrize(("path", "command"), [each for each in ALL if isinstance(each.values[1], click.Group)])
def test_a_list_of_commands_cuts_no_sentence_off(path: tuple[str, ...], command: click.Group) -> None:
    ran = CliRunner().invoke(kiosk, [*path, "--help"])

    assert "..." not in ran.output.partition("Commands:")[2].partition("Example:")[0]


def test_an_option_that_does_not_exist_is_not_understood() -> None:
    ran = CliRunner().invoke(kiosk, ["pack", "check", "content/oxfordshire", "--jsno"])

    assert ran.exit_code == 2
    assert "--json" in ran.output
