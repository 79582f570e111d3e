"""The click group: verbs loaded when named, a bare path taken for `summary`, every failure one clear line."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module

import click

from fastlogs._cli.commands import COMMANDS


class Verbs(click.Group):
    """Loads a verb's module when it is called; lists all by their one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"fastlogs._cli.commands.{name}").COMMAND
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            args = ["summary", *args]
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from fastlogs._core import __version__

        click.echo(f"fastlogs {__version__}")
        ctx.exit()


@click.command(
    cls=Verbs,
    name="fastlogs",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "ignore_unknown_options": True},
    epilog="Exit codes: 0 done, 1 the answer is no, 2 could not, 130 interrupted.",
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """Reads machine-learning training logs, in any form.

    `fastlogs PATH` is `fastlogs summary PATH`. `fastlogs demo` shows what it does.
    """


def run(args: list[str]) -> int:
    """One command line to its exit code; nothing leaves as a traceback."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal of another alphabet gets question marks, not a failure.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = cli.main(_bare(args), prog_name="fastlogs", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as ended:
        return int(ended.exit_code)
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        return 130
    except Exception as raised:
        return _told(raised)


def _bare(args: list[str]) -> list[str]:
    """`fastlogs --json x.log`: options before a bare path belong to summary."""
    own = {"-h", "--help", "--version"}
    return args if not args or args[0] in own or args[0] in COMMANDS else ["summary", *args]


def _told(raised: Exception) -> int:
    from fastlogs._cli.failure import explain

    text, code = explain(raised)
    print(text, file=sys.stderr)
    return code
