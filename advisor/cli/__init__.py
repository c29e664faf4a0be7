"""The command line: serve, build, check, advise, filing, search."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from advisor.cli.advise import advise, filing
from advisor.cli.output import BAD_USAGE, BROKEN
from advisor.cli.search import search
from advisor.cli.serve import serve
from advisor.knowledge.problems import ContentError, Problem
from advisor.knowledge.store import ArtefactError
from advisor.loading import build_artefact
from advisor.paths import content_root, default_out
from advisor.rules.facts import CaseError, read_day


class _Unusable(click.ClickException):
    """An argument, a file or a folder that cannot be used."""

    exit_code = BAD_USAGE


class _Broken(click.ClickException):
    """An artefact that cannot be read."""

    exit_code = BROKEN


@contextmanager
def _one_line() -> Iterator[None]:
    """What cannot be used ends in one clear line; the help that no arguments at all ask for stays as it is."""
    try:
        yield
    except (BrokenPipeError, click.exceptions.NoArgsIsHelpError):
        raise
    except click.UsageError as error:
        raise _Unusable(" ".join(error.format_message().split())) from None
    except OSError as error:
        raise _Unusable(f"{error.filename or 'the system'}: {error.strerror or error}") from None
    except ArtefactError as error:
        raise _Broken(str(error)) from None


class _Commands(click.Group):
    """The commands; whatever is wrong ends in one clear line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with _one_line():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="used-vehicle-export-advisor", prog_name="advisor")
def main() -> None:
    """The living guide to exporting used vehicles from China."""


main.add_command(advise)
main.add_command(filing)
main.add_command(search)
main.add_command(serve)


@main.command("build")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=None, help="Folder for the artefact.")
def build_command(out: Path | None) -> None:
    """Compile content and countries into one read-only artefact."""
    try:
        target = build_artefact(content_root(), out or default_out())
    except ContentError as error:
        _report(error.problems)
        sys.exit(BROKEN)
    click.echo(f"built {target} ({target.stat().st_size / 1e6:.1f} MB)")


@main.command("check")
@click.option("--on", "on", metavar="DATE", help="The day to check for, YYYY-MM-DD; today if absent.")
def check_command(on: str | None) -> None:
    """Editorial check of all content; prints file:line: problem, exits 1 on errors."""
    # Only here: a server does not wait for what it does not use.
    from advisor.knowledge.checking import check
    from advisor.knowledge.reading import read_content

    try:
        day = read_day("--on", on, dt.date.today())
    except CaseError as error:
        raise _Unusable(str(error)) from None
    try:
        content = read_content(content_root())
    except ContentError as error:
        _report(error.problems)
        sys.exit(BROKEN)
    problems = check(content, day)
    _report(problems)
    sys.exit(BROKEN if any(problem.severity == "error" for problem in problems) else 0)


def _report(problems: tuple[Problem, ...] | list[Problem]) -> None:
    errors = sum(problem.severity == "error" for problem in problems)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
