"""How a command that answers ends: with its answer as JSON, or with a line that says what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from advisor.knowledge.problems import ContentError
from advisor.rules.facts import CaseError
from advisor.search.engine import QueryError

BROKEN, BAD_USAGE = 1, 2


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Ends the command with a clear line where the case or query cannot be read, or the content is broken."""
    try:
        yield
    except (CaseError, QueryError) as error:
        click.echo(f"advisor: {error}", err=True)
        sys.exit(BAD_USAGE)
    except ContentError as error:
        click.echo(str(error), err=True)
        sys.exit(BROKEN)


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as JSON, Chinese as it is written."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
