"""The guide for programs: advice on a case, destinations, policies and rules as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, jsonify, request

from advisor import web
from advisor.knowledge.model import LANGUAGES, Lang
from advisor.rules.facts import Case, CaseError, CaseReader, read_day
from advisor.search.answer import answer
from advisor.search.engine import QueryError
from advisor.web import query, twins
from advisor.web.errors import problem
from advisor.web.openapi import document
from advisor.web.search import find, read_asked
from advisor.web.templating import today

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_LONGEST_NAME = 80


@blueprint.post("/advice")
def advice() -> Response:
    """The answer to the case of a vehicle."""
    advisor = web.advisor()
    return _answered(advisor.cases, lambda case: advisor.answers.answer(advisor.engine.advise(case)))


@blueprint.post("/filing")
def filing() -> Response:
    """Whether a company may be filed as an exporter."""
    advisor = web.advisor()
    return _answered(advisor.filings, lambda case: advisor.answers.review(advisor.engine.review(case)))


def _answered(reader: CaseReader, judge: Callable[[Case], dict[str, Any]]) -> Response:
    """The answer to the case in the body, or what is wrong with it."""
    if request.mimetype != "application/json":
        return problem(415, "Unsupported media type", "Send the case as application/json.")
    try:
        case = reader.read(_body(), read_day("on", request.args.get("on"), today()))
    except CaseError as error:
        return _bad_case(error)
    except RecursionError:
        return _bad_case(CaseError("", "the case is nested too deeply"))
    return jsonify(judge(case))


@blueprint.get("/search")
def search() -> Response:
    """What fits a query."""
    lang = cast(Lang, query.one_of("lang", LANGUAGES) or "zh")
    try:
        return jsonify(answer(find(read_asked(), lang), lang))
    except QueryError as error:
        return problem(400, "Bad query", str(error))


@blueprint.get("/countries")
def countries() -> Response:
    """All destinations."""
    return _knowledge(twins.countries_json(web.advisor()))


@blueprint.get("/countries/<code>")
def country(code: str) -> Response:
    """A destination."""
    return _knowledge_of("destination", code, twins.country_json(web.advisor(), code))


@blueprint.get("/policies")
def policies() -> Response:
    """All policies."""
    return _knowledge(twins.policies_json(web.advisor()))


@blueprint.get("/policies/<policy_id>")
def policy(policy_id: str) -> Response:
    """A policy."""
    return _knowledge_of("policy", policy_id, twins.policy_json(web.advisor(), policy_id))


@blueprint.get("/rules/<rule_id>")
def rule(rule_id: str) -> Response:
    """A rule."""
    return _knowledge_of("rule", rule_id, twins.rule_json(web.advisor(), rule_id))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This interface, described for programs."""
    return _knowledge(document(web.advisor()))


def _body() -> Any:
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply or not text"
        raise CaseError("", f"the body is not JSON: {reason}") from None


def _bad_case(error: CaseError) -> Response:
    """Which field is wrong and what is allowed; a name that is no text is shown as far as it is."""
    field = error.field[:_LONGEST_NAME].encode("utf-8", "replace").decode()
    return problem(400, "Bad case", f"{field}: {error.message}" if field else error.message, field=field)


def _knowledge_of(kind: str, name: str, data: dict[str, Any] | None) -> Response:
    if data is None:
        return problem(404, "Not found", f"The guide has no {kind} '{name[:_LONGEST_NAME]}'.")
    return _knowledge(data)


def _knowledge(data: dict[str, Any]) -> Response:
    """Data that changes only with the knowledge: tagged with its version, 304 to who has that version."""
    response = jsonify(data)
    response.set_etag(web.advisor().knowledge.version, weak=True)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
