"""`advisor serve`: the guide on a local port."""

from __future__ import annotations

import logging
import sys

import click
from flask import Flask
from waitress import create_server

from advisor.knowledge.problems import ContentError
from advisor.loading import open_store
from advisor.web import create_app

THREADS = 8


def application() -> Flask:
    """The application over the current artefact, for `advisor serve` and for any other WSGI server.

    Raises ContentError when the content is broken and there is no earlier artefact.
    """
    return create_app(open_store())


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the guide; builds the knowledge first when it is missing or older than the content."""
    logging.basicConfig(format="%(levelname)s: %(message)s")
    try:
        app = application()
    except ContentError as error:
        click.echo(f"{error}\nthe content is broken and there is no earlier knowledge to serve", err=True)
        sys.exit(1)
    try:
        server = create_server(app, host=host, port=port, threads=THREADS)
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    click.echo(f"serving on http://{host}:{port}")
    server.run()
