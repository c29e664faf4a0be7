"""The command line: serve, build, check, advise."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from advisor.cli.advise import advise
from advisor.cli.serve import serve
from advisor.knowledge.checking import check
from advisor.knowledge.compiling import build
from advisor.knowledge.problems import ContentError, Problem
from advisor.knowledge.reading import read_content
from advisor.paths import content_root, default_out

BROKEN, BAD_USAGE = 1, 2


class _Unusable(click.ClickException):
    """A file or folder that cannot be read or written."""

    exit_code = BAD_USAGE


class _Commands(click.Group):
    """The commands; a file or folder that cannot be used ends in one clear line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _Unusable(f"{error.filename or 'the system'}: {error.strerror or error}") from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="used-vehicle-export-advisor", prog_name="advisor")
def main() -> None:
    """The living guide to exporting used vehicles from China."""


main.add_command(advise)
main.add_command(serve)


@main.command("build")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=None, help="Folder for the artefact.")
def build_command(out: Path | None) -> None:
    """Compile content and countries into one read-only artefact."""
    try:
        target = build(content_root(), out or default_out())
    except ContentError as error:
        _report(error.problems)
        sys.exit(BROKEN)
    click.echo(f"built {target} ({target.stat().st_size / 1e6:.1f} MB)")


@main.command("check")
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day to check for, YYYY-MM-DD; today if absent.",
)
def check_command(on: dt.datetime | None) -> None:
    """Editorial check of all content; prints file:line: problem, exits 1 on errors."""
    try:
        content = read_content(content_root())
    except ContentError as error:
        _report(error.problems)
        sys.exit(BROKEN)
    problems = check(content, on.date() if on else dt.date.today())
    _report(problems)
    sys.exit(BROKEN if any(problem.severity == "error" for problem in problems) else 0)


def _report(problems: tuple[Problem, ...] | list[Problem]) -> None:
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
