"""The interface for programs, described in OpenAPI 3.1; the case comes from the questions of the guide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.knowledge.model import SECTIONS, Question
from advisor.loading import Advisor
from advisor.rules.facts import LONGEST_TEXT, RATES, TRADE_TERMS, CaseReader
from advisor.search.entries import KINDS
from advisor.web.twins import INVERSE

Schema = dict[str, Any]

_DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_LARGEST_AMOUNT = 1_000_000_000


def document(advisor: Advisor) -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Used Vehicle Export Guide",
            "version": "1.0.0",
            "description": "May this used vehicle be exported from China to that country, on that day, and what does it take?",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/advice": {
                "post": _question("advise", "The answer to the case of a vehicle", "Case", "Answer", "application date")
            },
            "/filing": {
                "post": _question(
                    "reviewFiling", "Whether a company may be filed as exporter", "Company", "Filing", "day of filing"
                )
            },
            "/search": {"get": _search()},
            "/countries": {"get": _get("listCountries", "All destinations", "Countries")},
            "/countries/{code}": {
                "get": _get("getCountry", "A destination", "Country", "code", "ISO 3166-1 alpha-2 code")
            },
            "/policies": {"get": _get("listPolicies", "All policies", "Policies")},
            "/policies/{id}": {"get": _get("getPolicy", "A policy", "Policy", "id", "Id of the policy")},
            "/rules/{id}": {"get": _get("getRule", "A rule", "Rule", "id", "Full id of the rule, SCOPE.NAME")},
            "/openapi.json": {"get": _get("getDescription", "This description", "Description")},
        },
        "components": {
            "schemas": {
                "Case": case_schema(advisor, advisor.cases, ["destination"]),
                "Company": case_schema(advisor, advisor.filings, []),
                **_SCHEMAS,
            }
        },
    }


# The case, from the questions.


def case_schema(advisor: Advisor, reader: CaseReader, required: Sequence[str]) -> Schema:
    """A case: one property for each question that its reader knows, grouped as its field is."""
    fields: Schema = {}
    for question in reader.questions.values():
        group, _, name = question.field.rpartition(".")
        schema = _fact(advisor, question)
        if group:
            fields.setdefault(group, {"type": "object", "additionalProperties": False, "properties": {}})
            fields[group]["properties"][name] = schema
        else:
            fields[name] = schema
    fields[RATES] = {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Z]{3}$"},
        "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        "title": "Exchange rates",
        "description": f"Units of each currency for one {advisor.knowledge.site.reference_currency}.",
    }
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": fields,
        "description": "What is absent is unknown, and unknown is never guessed.",
    }


def _fact(advisor: Advisor, question: Question) -> Schema:
    allowed = [value for value, _ in advisor.answers.options(question)]
    described: Schema = {"title": question.label.en, "description": question.title.en}
    if question.default is not None:
        described["default"] = question.default
    match question.kind:
        case "choice":
            return {**described, "type": "string", "enum": allowed}
        case "choices":
            return {**described, "type": "array", "uniqueItems": True, "items": {"type": "string", "enum": allowed}}
        case "yes-no":
            return {**described, "type": "boolean"}
        case "date":
            return {
                **described,
                "type": "string",
                "pattern": _DATE_PATTERN,
                "examples": ["2025-10-01", "2025-10", "2025"],
            }
        case "number":
            limit = {"maximum": question.at_most} if question.at_most is not None else {}
            return {**described, "type": "number", "minimum": 0, **limit}
        case "money":
            return {**described, **_PRICE}
        case "text":
            form = {"pattern": f"^{question.pattern}$"} if question.pattern else {}
            return {**described, "type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, **form}


# Operations.


def _question(operation: str, summary: str, case: str, answer: str, date: str) -> Schema:
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [
            {
                "name": "on",
                "in": "query",
                "description": f"Day of the question, where the case has no {date}; today if absent.",
                "schema": {"type": "string", "format": "date"},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(case)}}},
        "responses": {
            "200": _json("The answer", answer),
            "400": _problem("The case cannot be read; `field` names what is wrong", "CaseProblem"),
            "413": _problem("The body is larger than a case can be"),
            "415": _problem("The body is not application/json"),
        },
    }


def _search() -> Schema:
    texts = {
        "q": "The query",
        "lang": "zh or en: the language of snippets and addresses",
        "country": "ISO code",
        "page": "From 1",
    }
    named = [
        {"name": name, "in": "query", "description": text, "required": name == "q", "schema": _STRING}
        for name, text in texts.items()
    ]
    kind = {"name": "kind", "in": "query", "description": "One kind of entry alone", "schema": _enum(*KINDS)}
    return {
        "operationId": "search",
        "summary": "What fits a query, best first",
        "parameters": [*named, kind],
        "responses": {
            "200": _json("What was found", "Found"),
            "400": _problem("The query is empty or too long, or a filter is not offered"),
        },
    }


def _get(operation: str, summary: str, schema: str, parameter: str = "", description: str = "") -> Schema:
    responses = {
        "200": {**_json(summary, schema), "headers": {"ETag": {"schema": {"type": "string"}}}},
        "304": {"description": "The client has this version of the knowledge"},
    }
    described: Schema = {"operationId": operation, "summary": summary, "responses": responses}
    if parameter:
        responses["404"] = _problem("There is none by this name")
        described["parameters"] = [
            {"name": parameter, "in": "path", "required": True, "description": description, "schema": _STRING}
        ]
    return described


def _json(description: str, schema: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def _problem(description: str, schema: str = "Problem") -> Schema:
    return {"description": description, "content": {"application/problem+json": {"schema": _ref(schema)}}}


# Schemas.


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Schema) -> Schema:
    """An object that always has all of these; anything may be added to it later."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _enum(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _amount(name: str) -> Schema:
    """An amount with its least and most."""
    return {name: _or_null(_NUMBER), f"{name}_least": _NUMBER, f"{name}_most": _or_null(_NUMBER)}


_STRING: Schema = {"type": "string"}
_BOOLEAN: Schema = {"type": "boolean"}
_INTEGER: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_DAY: Schema = {"type": "string", "format": "date"}
_PARTIAL: Schema = {"type": "string", "pattern": _DATE_PATTERN}
_TEXT = _ref("Text")
_CITES = _list(_ref("Cite"))
_CODE: Schema = {"type": "string", "pattern": "^[A-Z]{2}$"}
_SIDE = _enum("export", "import", "filing")
_EFFECT = _enum("prohibit", "require", "oblige", "permit", "warn")
_STATUS = _enum("applies", "clear", "unknown")
_VERDICT = _enum("eligible", "conditional", "not-eligible", "undetermined")
_CONFIDENCE = _enum("official", "secondary", "conflicting", "dated", "inferred")
_TAX_KIND = _enum("value", "duty", "excise", "vat", "levy", "fee", "registration", "deposit")
_PERIOD: Schema = {"type": "string", "pattern": r"^P(\d+Y)?(\d+M)?(\d+D)?$"}
_MARKDOWN = _object(zh=_STRING, en=_STRING)
_NAMED = _object(id=_STRING, names=_TEXT)
_KNOWLEDGE = _object(version=_STRING, built=_or_null({"type": "string", "format": "date-time"}))

_PRICE: Schema = {
    **_object(
        amount={"type": "number", "minimum": 0, "maximum": _LARGEST_AMOUNT},
        currency={"type": "string", "pattern": "^[A-Z]{3}$"},
        terms=_enum(*TRADE_TERMS),
    ),
    "additionalProperties": False,
}

_RULE_ENTRY = {
    "rule": _STRING,
    "side": _SIDE,
    "effect": _EFFECT,
    "title": _TEXT,
    "in_force": _ref("InForce"),
    "confidence": _CONFIDENCE,
}
_COUNTRY_ENTRY = {
    "code": _CODE,
    "names": _TEXT,
    "region": _NAMED,
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "traffic_side": _enum("left", "right"),
    "unions": _list(_NAMED),
    "reviewed": _DAY,
}
_POLICY_ENTRY = {
    "id": _STRING,
    "title": _TEXT,
    "number": _or_null(_STRING),
    "issuers": _list(_NAMED),
    "level": _enum("national", "provincial", "municipal"),
    "issued": _or_null(_PARTIAL),
    "effective": _or_null(_PARTIAL),
    "expires": _or_null(_PARTIAL),
    "status": _enum("in-force", "superseded", "expired", "draft", "unknown"),
    "reviewed": _DAY,
}

_ASSESSMENT = {
    "verdict": _VERDICT,
    "as_of": _DAY,
    "findings": _list(_ref("Finding")),
    "documents": _list(_ref("NeededDocument")),
    "obligations": _list(_ref("Due")),
    "changes": _list(_ref("Change")),
    "missing": _list(_STRING),
    "next_question": _or_null(_ref("Question")),
    "cautions": _list(_TEXT),
    "knowledge": _KNOWLEDGE,
}

_SCHEMAS: dict[str, Schema] = {
    "Text": _object(zh=_STRING, en=_STRING),
    "Cite": _object(
        source=_STRING,
        title=_STRING,
        publisher=_STRING,
        url=_or_null(_STRING),
        published=_or_null(_PARTIAL),
        clause=_or_null(_STRING),
    ),
    "InForce": {
        **_object(**{"from": _or_null(_PARTIAL)}, until=_or_null(_PARTIAL), attested=_or_null(_PARTIAL)),
        "description": "Both days included; `attested` is the earliest day seen in force where the beginning is not known.",
    },
    "Finding": _object(
        **_RULE_ENTRY,
        status=_STATUS,
        reason=_TEXT,
        note=_or_null(_TEXT),
        cites=_CITES,
        facts=_list(_STRING),
        missing=_list(_STRING),
        gate=_BOOLEAN,
        met=_or_null(_BOOLEAN),
        lifted_by=_list(_STRING),
        open_exceptions=_list(_STRING),
    ),
    "NeededDocument": _object(
        id=_STRING,
        title=_TEXT,
        side=_SIDE,
        stage=_STRING,
        issuer=_TEXT,
        must_state=_list(_TEXT),
        required_by=_list(_STRING),
        held=_BOOLEAN,
        certain=_BOOLEAN,
    ),
    "Due": _object(
        id=_STRING,
        title=_TEXT,
        side=_SIDE,
        stage=_STRING,
        due=_or_null(_DAY),
        period=_or_null(_PERIOD),
        counted_from=_or_null(_TEXT),
        note=_or_null(_TEXT),
        required_by=_list(_STRING),
        certain=_BOOLEAN,
    ),
    "Change": _object(
        on=_DAY,
        kind=_enum("begins", "ends"),
        rule=_STRING,
        side=_SIDE,
        effect=_EFFECT,
        status=_STATUS,
        title=_TEXT,
        reason=_TEXT,
    ),
    "CostLine": _object(
        id=_STRING,
        kind=_TAX_KIND,
        title=_TEXT,
        base=_or_null(_NUMBER),
        rate=_or_null(_STRING),
        computation=_TEXT,
        amount=_or_null(_NUMBER),
        least=_NUMBER,
        most=_or_null(_NUMBER),
        certain=_BOOLEAN,
        missing=_list(_STRING),
        missing_rates=_list(_STRING),
        not_known=_list(_TEXT),
        note=_or_null(_TEXT),
        confidence=_CONFIDENCE,
        in_force=_ref("InForce"),
        cites=_CITES,
    ),
    "Costs": {
        **_object(
            currency=_STRING,
            **_amount("cif"),
            **_amount("total"),
            **_amount("landed"),
            **{"in": {"type": "object", "additionalProperties": {"type": "object"}}},
            values=_list(_ref("CostLine")),
            lines=_list(_ref("CostLine")),
            deposits=_list(_ref("CostLine")),
            rates={"type": "object"},
            missing=_list(_STRING),
            missing_rates=_list(_STRING),
        ),
        "description": "In the price's currency. An amount is null where it is not exact; its least and most stand beside it, "
        "and a most of null has no upper end.",
    },
    "Window": _object(**{"from": _or_null(_DAY)}, until=_or_null(_DAY), verdict=_VERDICT, because=_list(_STRING)),
    "Question": _object(
        field=_STRING,
        title=_TEXT,
        help=_or_null(_TEXT),
        kind=_enum("choice", "choices", "yes-no", "date", "number", "text", "money"),
        options=_list(_object(id=_STRING, title=_TEXT)),
    ),
    "Answer": _object(
        **_ASSESSMENT,
        sides=_object(**{"export": _VERDICT, "import": _VERDICT}),
        destination=_object(code=_CODE, name=_TEXT, reviewed=_DAY),
        costs=_or_null(_ref("Costs")),
        windows=_list(_ref("Window")),
    ),
    "Filing": _object(**_ASSESSMENT),
    "Found": _object(
        query=_STRING,
        total=_INTEGER,
        page=_INTEGER,
        pages=_INTEGER,
        took_ms=_NUMBER,
        suggestion=_or_null(_STRING),
        facets=_object(kind={"type": "object"}, country={"type": "object"}),
        hits=_list(
            _object(
                kind=_enum(*KINDS),
                id=_STRING,
                country=_or_null(_CODE),
                section=_or_null(_STRING),
                title=_TEXT,
                snippet=_STRING,
                marked=_list(_STRING),
                date=_or_null(_PARTIAL),
                past=_BOOLEAN,
                url=_STRING,
                score=_NUMBER,
            )
        ),
    ),
    "RuleEntry": _object(**_RULE_ENTRY),
    "Source": _object(
        source=_STRING,
        title=_STRING,
        publisher=_STRING,
        url=_or_null(_STRING),
        published=_or_null(_PARTIAL),
        language=_STRING,
        kind=_enum("official", "reprint", "intergovernmental", "press", "industry", "blog"),
        note=_or_null(_TEXT),
    ),
    "Document": _object(
        id=_STRING,
        title=_TEXT,
        issuer=_TEXT,
        stage=_STRING,
        must_state=_list(_TEXT),
        note=_or_null(_TEXT),
        cites=_CITES,
    ),
    "Obligation": _object(
        id=_STRING,
        title=_TEXT,
        stage=_STRING,
        period=_or_null(_PERIOD),
        counted_from=_or_null(_TEXT),
        note=_or_null(_TEXT),
    ),
    "Countries": _object(countries=_list(_object(**_COUNTRY_ENTRY)), knowledge=_KNOWLEDGE),
    "Country": _object(
        **_COUNTRY_ENTRY,
        aliases=_object(zh=_list(_STRING), en=_list(_STRING)),
        summary=_TEXT,
        entry_points=_list(
            _object(names=_TEXT, kind=_enum("sea", "land", "rail", "air", "free-zone"), cites=_CITES),
        ),
        key_figures=_list(
            _object(
                id=_STRING,
                label=_TEXT,
                value=_NUMBER,
                unit=_TEXT,
                as_of=_PARTIAL,
                confidence=_CONFIDENCE,
                cites=_CITES,
            ),
        ),
        comparison={
            "type": "object",
            "additionalProperties": _object(zh=_STRING, en=_STRING, rules=_list(_STRING), taxes=_list(_STRING)),
        },
        procedure=_list(
            _object(
                title=_TEXT,
                who=_or_null(_TEXT),
                days=_or_null(_INTEGER),
                documents=_list(_STRING),
                cites=_CITES,
            ),
        ),
        rules=_list(_ref("RuleEntry")),
        documents=_list(_ref("Document")),
        sections=_list(_enum(*SECTIONS)),
        taxes=_list(
            _object(
                id=_STRING,
                kind=_TAX_KIND,
                title=_TEXT,
                when=_or_null({"type": "object"}),
                amount={"type": "object", "description": "The amount, as written in the guide"},
                union=_or_null(_STRING),
                in_force=_ref("InForce"),
                confidence=_CONFIDENCE,
                note=_or_null(_TEXT),
                cites=_CITES,
            )
        ),
        gaps=_list(_TEXT),
        sources=_list(_ref("Source")),
        knowledge=_KNOWLEDGE,
    ),
    "Policies": _object(policies=_list(_object(**_POLICY_ENTRY)), knowledge=_KNOWLEDGE),
    "Policy": _object(
        **_POLICY_ENTRY,
        scope=_STRING,
        status_note=_or_null(_TEXT),
        summary=_MARKDOWN,
        clauses=_list(_object(ref=_STRING, topic=_STRING, text=_TEXT, cites=_CITES)),
        relations=_list(
            _object(
                kind=_enum(*INVERSE, *INVERSE.values()),
                policy=_STRING,
                title=_or_null(_TEXT),
                confidence=_CONFIDENCE,
                note=_or_null(_TEXT),
            ),
        ),
        rules=_list(_ref("RuleEntry")),
        gaps=_list(_TEXT),
        sources=_list(_ref("Source")),
        knowledge=_KNOWLEDGE,
    ),
    "Rule": _object(
        **_RULE_ENTRY,
        judged_on=_enum("dates.application", "dates.shipment", "dates.arrival", "dates.filing"),
        when=_or_null({"type": "object", "description": "The condition, as written in the guide"}),
        met_when=_or_null({"type": "object", "description": "What shows that a requirement is met"}),
        facts=_list(_STRING),
        gate=_BOOLEAN,
        documents=_list(_ref("Document")),
        obligations=_list(_ref("Obligation")),
        lifts=_list(_STRING),
        lifted_by=_list(_STRING),
        overrides=_or_null(_STRING),
        overridden_by=_list(_STRING),
        reasons=_object(applies=_or_null(_TEXT), clear=_or_null(_TEXT), unknown=_or_null(_TEXT)),
        note=_or_null(_TEXT),
        policy=_or_null(_STRING),
        destinations=_list(_CODE),
        cites=_CITES,
        knowledge=_KNOWLEDGE,
    ),
    "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    "Problem": _object(type=_STRING, title=_STRING, status=_INTEGER, detail=_STRING),
    "CaseProblem": _object(type=_STRING, title=_STRING, status=_INTEGER, detail=_STRING, field=_STRING),
}
