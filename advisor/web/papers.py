"""The catalogue of documents: what each paper is, who issues it, which rules ask for it, and blanks to fill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from advisor.knowledge.forms import filled
from advisor.knowledge.model import Country, Document, Knowledge, Named, Rule
from advisor.rules.facts import DESTINATION, CaseError
from advisor.web import advisor
from advisor.web import lang as current_lang
from advisor.web.case_errors import Complainer
from advisor.web.country_view import State, state_of
from advisor.web.errors import BadQuery, Missing, Way
from advisor.web.interview import read_answers
from advisor.web.templating import today

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

blueprint = Blueprint("papers", __name__, url_prefix="/<any(zh,en):lang>/documents")


@dataclass(frozen=True, slots=True)
class Stage:
    """The papers of one stage."""

    stage: Named
    documents: list[Document]


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule that asks for a paper, and whether it holds now."""

    rule: Rule
    state: State


@blueprint.get("")
def papers(lang: str) -> str:
    """The papers of the home market by stage; those of a destination stand on its page."""
    knowledge = advisor().knowledge
    asked = {name for rule in knowledge.rules if rule.side != "import" for name in rule.documents}
    return render_template(
        "papers/papers.html",
        stages=_by_stage(knowledge, (one for one in knowledge.documents if one.id in asked)),
        countries=sorted(knowledge.countries, key=lambda one: one.names.en),
    )


@blueprint.get("/<document_id>")
def paper(lang: str, document_id: str) -> str:
    """One paper."""
    knowledge = advisor().knowledge
    document = _document(knowledge, document_id)
    asking = [
        Asking(rule, state_of(rule.in_force, today())) for rule in knowledge.rules if document.id in rule.documents
    ]
    return render_template(
        "papers/paper.html",
        document=document,
        stage=next(stage for stage in knowledge.stages if stage.id == document.stage),
        asking=[one for one in asking if one.state != "past"],
        past=[one for one in asking if one.state == "past"],
        countries=_steps_in(knowledge, document),
        forms=[one for one in knowledge.forms if one.document == document.id],
    )


@blueprint.get("/<document_id>/form.docx")
def form(lang: str, document_id: str) -> Response:
    """The blank of a document in the page's language, with what the case in the query holds."""
    knowledge = advisor().knowledge
    document = _document(knowledge, document_id)
    found = next((one for one in knowledge.forms if (one.document, one.lang) == (document.id, lang)), None)
    if found is None:
        raise Missing(
            gettext("There is no blank of this document."),
            Way(url_for("papers.paper", lang=lang, document_id=document.id), document.names[lang]),
        )
    response = Response(filled(found.data, _facts()), content_type=_WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.id}.docx"'
    return response


def _facts() -> dict[str, str]:
    """What the query holds of a vehicle or of a company, in words of the page's language; what it does not give stays blank."""
    given = read_answers(request.args).given
    if not given:
        return {}
    reader = advisor().cases if DESTINATION in given else advisor().filings
    try:
        case = reader.read_pairs(given.items(), today())
    except CaseError as error:
        raise BadQuery(Complainer(advisor().knowledge, current_lang()).about(error, given).message) from None
    reasoner = advisor().engine.reasoner
    return {
        field: reasoner.value_text(field, value, current_lang())
        for field, value in case.facts.items()
        if field not in case.assumed
    }


def _by_stage(knowledge: Knowledge, documents: Iterable[Document]) -> list[Stage]:
    listed = list(documents)
    stages = (Stage(stage, [one for one in listed if one.stage == stage.id]) for stage in knowledge.stages)
    return [stage for stage in stages if stage.documents]


def _steps_in(knowledge: Knowledge, document: Document) -> list[Country]:
    """The destinations in whose procedure the paper is used."""
    return [
        country for country in knowledge.countries if any(document.id in step.documents for step in country.procedure)
    ]


def _document(knowledge: Knowledge, document_id: str) -> Document:
    for found in knowledge.documents:
        if found.id == document_id:
            return found
    message = gettext("The guide has no document “%(id)s”.", id=document_id[:80])
    raise Missing(message, Way(url_for("papers.papers", lang=current_lang()), gettext("All documents")))
