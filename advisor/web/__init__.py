"""The guide as web pages and as JSON: the application factory."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_babel import Babel

from advisor.knowledge.model import LANGUAGES, Lang
from advisor.knowledge.store import Store
from advisor.loading import Advisor
from advisor.paths import default_translations

LARGEST_REQUEST = 100_000
# Room for an answer to every question of the guide, all papers in hand.
LONGEST_QUERY = 16_000

_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(store: Store[Advisor]) -> Flask:
    """The application over a store of knowledge; every request answers from the newest good artefact."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(default_translations())
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["advisor"] = store
    Babel(app, locale_selector=lambda: {"zh": "zh_Hans_CN", "en": "en"}[lang()])
    app.before_request(_remember_advisor)
    app.before_request(_refuse_long_queries)
    app.after_request(_secure)
    _register(app)
    app.add_url_rule("/", "root", lambda: redirect(url_for("guide.home", lang=LANGUAGES[0])))
    return app


def _register(app: Flask) -> None:
    from advisor.web import (
        advice,
        api,
        chapters,
        errors,
        filing,
        guide,
        kept_pages,
        licence,
        papers,
        policies,
        search,
        templating,
    )

    kept_pages.register(app, tuple(module.blueprint.name for module in (guide, policies, papers, chapters)))
    for module in (guide, policies, papers, chapters, advice, filing, licence, search, api):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    templating.register(app)


def _remember_advisor() -> None:
    """One request answers from one artefact, even when a newer one comes in meanwhile."""
    g.advisor = current_app.extensions["advisor"].current


def _refuse_long_queries() -> None:
    if len(request.query_string) > LONGEST_QUERY:
        abort(413)


def _secure(response: Response) -> Response:
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    return response


def advisor() -> Advisor:
    """The advisor that this request answers from."""
    found: Advisor = g.advisor
    return found


def lang() -> Lang:
    """The language of the page, the first element of its path."""
    given = (request.view_args or {}).get("lang")
    if given is None:
        given = request.path.split("/", 2)[1] if request.path.count("/") else ""
    return "en" if given == "en" else "zh"
