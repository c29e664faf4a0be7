"""Errors as pages in the reader's language, and as problem documents (RFC 9457) for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, HTTPException, NotFound


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go on from an error."""

    url: str
    label: str


class Missing(NotFound):
    """Something asked for by its id is not there; `message` is in the page's language."""

    def __init__(self, message: str, way: Way | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.way = way


class BadQuery(BadRequest):
    """A parameter of the query holds something that it cannot; `message` is in the page's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.way = Way(request.path, gettext("The same page without this filter"))


def register(app: Flask) -> None:
    """Answer every HTTP error of an application, and every failure, with one clear message."""
    app.register_error_handler(HTTPException, _answer)


def problem(status: int, title: str, detail: str, **more: object) -> Response:
    """A problem document; `more` are its extension members."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def _answer(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    title, detail = _words(error)
    if for_programs():
        answer = problem(error.code, title, detail)
    else:
        way = getattr(error, "way", None)
        answer = make_response(render_template("errors/error.html", title=title, detail=detail, way=way), error.code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def for_programs() -> bool:
    """Whether a program asks: the path is one of the interface's, or a page's data."""
    return for_interface() or request.path.endswith(".json")


def for_interface() -> bool:
    """Whether the path is one of the interface for programs, which speaks English alone."""
    return request.path.startswith("/api/")


def _words(error: HTTPException) -> tuple[str, str]:
    """A title and a sentence for an error; its own sentence where it has one in the page's language."""
    if for_interface():
        return error.name, error.description or error.name
    words: dict[int, tuple[str, str]] = {
        400: (gettext("This request cannot be read"), gettext("Check the address or the form that sent you here.")),
        404: (
            gettext("Page not found"),
            gettext("There is nothing at this address. It may be mistyped or out of date."),
        ),
        405: (gettext("Not possible here"), gettext("This address cannot be used in this way.")),
        413: (gettext("Too large"), gettext("What was sent is larger than this service accepts.")),
        500: (gettext("Something went wrong here"), gettext("The fault is ours, not yours. Try again in a moment.")),
    }
    title, detail = words.get(error.code or 500, (str(error.name), gettext("The request cannot be answered.")))
    return title, str(getattr(error, "message", detail))
