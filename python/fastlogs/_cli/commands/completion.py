"""`fastlogs completion SHELL`: the script that completes names and options."""

from __future__ import annotations

import click

from fastlogs._cli.commands import COMMANDS

_SHELLS = ("bash", "fish", "zsh")


@click.command("completion", short_help=COMMANDS["completion"], epilog='Example: eval "$(fastlogs completion zsh)"')
@click.argument("shell", type=click.Choice(_SHELLS))
def COMMAND(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from fastlogs._cli.app import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "fastlogs", "_FASTLOGS_COMPLETE").source())
