"""Editorial rules: what files that can be read must still satisfy before anyone relies on them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from advisor.knowledge.amounts import GIVEN_BASES, Amount, Either, Units, bases_of, conditions_of, measures_of, parts_of
from advisor.knowledge.conditions import Age, Condition, Day, Includes, Number, OneOf, facts_read, leaves
from advisor.knowledge.forms import FormError, check_form
from advisor.knowledge.model import (
    LANGUAGES,
    SECTIONS,
    Chapter,
    Country,
    InForce,
    Policy,
    Prose,
    Question,
    Rule,
    TaxLine,
    Text,
    Union,
)
from advisor.knowledge.problems import Problem
from advisor.knowledge.reading import CITATION, SEARCH, Content, Location

_DIGIT: Final = re.compile(r"\d")
# Categories and formulas are names, not figures: M1, N2, CO2.
_NAME_WITH_DIGIT: Final = re.compile(r"\b(?:[MNOL][1-7]G?|CO2|NO2)\b")
_LINK: Final = re.compile(r"\]\([^)]*\)")
_HALF_WIDTH: Final = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]")
_PLACEHOLDER: Final = re.compile(r"\{([^}]*)\}")
_TABLE_RULE: Final = re.compile(r"^\|[\s:|-]+\|$")

# English needs about twice the characters.
_LONGEST_CELL: Final = 45

_KIND_OF_TEST: Final = {
    OneOf: ("choice", "yes-no", "text"),
    Includes: ("choices",),
    Number: ("number",),
    Day: ("date",),
}
_TESTED_WITH: Final = {
    "choice": "a value or a list of values",
    "choices": "includes and a list of values",
    "yes-no": "true or false",
    "date": "before, until, from or after and a day",
    "number": "over, at-least, under or at-most and a number",
    "text": "a value or a list of values",
    "money": "nothing; no rule reads a price",
}


def check(content: Content, on: dt.date) -> list[Problem]:
    """Everything an editor has to mend or to know on a day, in the order of files and lines."""
    checks = (
        _conditions(content),
        _references(content),
        _effects(content),
        _policies(content),
        _taxes(content),
        _comparisons(content, on),
        _forms(content),
        _search_words(content),
        _asked(content),
        _repeated(content),
        _unused(content),
        _prose(content),
        _punctuation(content),
        _stale(content, on),
    )
    return sorted({problem for found in checks for problem in found})


def _at(location: Location, message: str) -> Problem:
    return Problem(location.file, location.line, message)


def _warning(location: Location, message: str) -> Problem:
    return Problem(location.file, location.line, message, "warning")


def _conditions(content: Content) -> Iterator[Problem]:
    """Conditions read facts that exist, compare them as their kind allows, with values that are offered."""
    questions = {question.field: question for question in content.knowledge.questions}
    allowed = _allowed_values(content)
    for rule in content.knowledge.rules:
        where = content.where("rule", rule.id)
        for condition in (rule.when, rule.met_when):
            for message in _condition_faults(condition, questions, allowed) if condition else ():
                yield _at(where, f"{rule.id}: {message}")


def _allowed_values(content: Content) -> dict[str, frozenset[str]]:
    knowledge = content.knowledge
    lists = {
        "countries": [country.code for country in knowledge.countries],
        "regions": [region.id for region in knowledge.regions],
        "documents": [document.id for document in knowledge.documents],
    }
    return {
        question.field: frozenset(
            lists[question.options_from] if question.options_from else [option.id for option in question.options]
        )
        for question in knowledge.questions
    }


def _condition_faults(
    condition: Condition, questions: dict[str, Question], allowed: dict[str, frozenset[str]]
) -> Iterator[str]:
    for name in facts_read(condition):
        if name not in questions:
            yield f"'{name}' is not a fact; content/questions.yaml lists them"
    for leaf in leaves(condition):
        if isinstance(leaf, Age):
            for name in (leaf.start, leaf.end):
                if name in questions and questions[name].kind != "date":
                    yield f"an age runs between dates; '{name}' is a {questions[name].kind}"
            continue
        question = questions.get(leaf.fact)
        if question is None:
            continue
        if question.kind not in _KIND_OF_TEST[type(leaf)]:
            yield f"'{leaf.fact}' is tested with {_TESTED_WITH[question.kind]}"
        elif isinstance(leaf, OneOf | Includes):
            yield from _value_faults(leaf, question, allowed[leaf.fact])


def _value_faults(leaf: OneOf | Includes, question: Question, allowed: frozenset[str]) -> Iterator[str]:
    if question.kind == "text":
        return
    for value in leaf.values:
        if question.kind == "yes-no" and not isinstance(value, bool):
            yield f"'{leaf.fact}' is true or false, not {value!r}"
        elif question.kind != "yes-no" and value not in allowed:
            yield f"'{leaf.fact}' has no value {value!r}; it is one of {', '.join(sorted(allowed))}"


def _references(content: Content) -> Iterator[Problem]:
    """Ids point to things that exist."""
    knowledge = content.knowledge
    documents = {document.id for document in knowledge.documents}
    stages = {stage.id for stage in knowledge.stages}
    events = {event.id for event in knowledge.events}
    rules = {rule.id for rule in knowledge.rules}
    unions = {union.id for union in knowledge.unions}
    world = {part.id for part in knowledge.world}
    for rule in knowledge.rules:
        where = content.where("rule", rule.id)
        wrong = [f"document '{name}'" for name in rule.documents if name not in documents]
        wrong += [f"rule '{name}'" for name in (*rule.lifts, rule.overrides) if name and name not in rules]
        wrong += [f"stage '{o.stage}'" for o in rule.obligations if o.stage not in stages]
        wrong += [
            f"event '{o.counted_from}'" for o in rule.obligations if o.counted_from and o.counted_from not in events
        ]
        yield from (_at(where, f"{rule.id}: there is no {what}") for what in wrong)
    yield from _licence_faults(content, documents, rules)
    for document in knowledge.documents:
        if document.stage not in stages:
            yield _at(content.where("document", document.id), f"{document.id}: there is no stage '{document.stage}'")
    for country in knowledge.countries:
        where = content.where("country", country.scope)
        wrong = [f"union '{name}'" for name in country.unions if name not in unions]
        wrong += [f"part of the world '{country.region}'"] if country.region not in world else []
        wrong += [
            f"document '{name}'" for step in country.procedure for name in step.documents if name not in documents
        ]
        yield from (_at(where, f"there is no {what}") for what in wrong)


def _search_words(content: Content) -> Iterator[Problem]:
    """Words for several destinations name parts of the world or unions; words that ask the same thing stand in one set."""
    knowledge = content.knowledge
    known = {part.id for part in knowledge.world} | {union.id for union in knowledge.unions}
    where = Location(SEARCH, 1)
    for area in knowledge.search.areas:
        for name in area.of:
            if name not in known:
                yield _at(where, f"{area.id}: there is no part of the world and no union '{name}'")
    words = Counter(word.casefold() for equals in knowledge.search.equals for word in (*equals.zh, *equals.en))
    yield from (
        _at(where, f"'{word}' stands {times} times among the equals") for word, times in words.items() if times > 1
    )


def _asked(content: Content) -> Iterator[Problem]:
    """The index leads to entries that exist."""
    knowledge = content.knowledge
    names = {
        "guide": {
            name for one in knowledge.countries for name in (one.scope, *(f"{one.scope}/{part}" for part in SECTIONS))
        },
        "policy": {policy.id for policy in knowledge.policies},
        "clause": {f"{policy.id}/{clause.ref}" for policy in knowledge.policies for clause in policy.clauses},
        "rule": {rule.id for rule in knowledge.rules},
        "term": {term.id for term in knowledge.terms},
        "document": {document.id for document in knowledge.documents},
        "chapter": {chapter.id for chapter in knowledge.chapters},
    }
    for asked in knowledge.asked:
        kind, _, name = asked.id.partition(":")
        if name not in names.get(kind, ()):
            yield _at(content.where("asked", asked.id), f"the index names '{asked.id}', and there is no such entry")


def _licence_faults(content: Content, documents: set[str], rules: set[str]) -> Iterator[Problem]:
    where = Location("content/licence_check.yaml", 1)
    licence = content.knowledge.licence
    policies = {policy.id for policy in content.knowledge.policies}
    wrong = [f"document '{name}'" for entry in licence.entries for name in entry.papers if name not in documents]
    named = (licence.batch.rule, *(entry.rule for entry in licence.entries))
    wrong += [f"rule '{name}'" for name in dict.fromkeys(named) if name not in rules]
    wrong += [f"policy '{licence.check_digit.policy}'"] if licence.check_digit.policy not in policies else []
    yield from (_at(where, f"there is no {what}") for what in wrong)


def _effects(content: Content) -> Iterator[Problem]:
    """The parts of a rule fit its effect, and its words use facts that exist."""
    fields = {question.field for question in content.knowledge.questions}
    for rule in content.knowledge.rules:
        where = content.where("rule", rule.id)
        for message in (*_effect_faults(rule), *_reason_faults(rule, fields)):
            yield _at(where, f"{rule.id}: {message}")


def _effect_faults(rule: Rule) -> Iterator[str]:
    if not rule.cites:
        yield "cites nothing; a rule needs a source"
    if rule.gate and rule.effect != "require":
        yield f"only a requirement can be a gate, not effect '{rule.effect}'"
    if bool(rule.lifts) != (rule.effect == "permit"):
        yield "a permit names the rules that it lifts, and nothing else does"
    if rule.effect == "oblige" and not rule.obligations:
        yield "obliges to nothing; list obligations"
    yield from _force_faults(rule.in_force)


def _force_faults(in_force: InForce) -> Iterator[str]:
    if in_force.start is None and in_force.attested is None:
        yield "in_force needs 'from', or 'attested': the earliest day for which a source shows the rule"
    if in_force.start and in_force.until and in_force.until.last() < in_force.start.first():
        yield f"ends ({in_force.until}) before it begins ({in_force.start})"


def _reason_faults(rule: Rule, fields: set[str]) -> Iterator[str]:
    has_age = rule.when is not None and any(isinstance(leaf, Age) for leaf in leaves(rule.when))
    for text in (rule.reasons.applies, rule.reasons.clear, rule.reasons.unknown):
        for name in _PLACEHOLDER.findall(f"{text.zh}{text.en}") if text else ():
            if name not in fields and not (name == "age" and has_age):
                yield f"the reason uses {{{name}}}, which is neither a fact nor the age of the condition"


def _policies(content: Content) -> Iterator[Problem]:
    """A policy's rules hold while it does, and cite clauses that it has."""
    knowledge = content.knowledge
    policies = {policy.id: policy for policy in knowledge.policies}
    scopes = {knowledge.site.home, *(region.id for region in knowledge.regions)}
    issuers = {issuer.id for issuer in knowledge.issuers}
    for policy in knowledge.policies:
        where = content.where("policy", policy.id)
        wrong = [f"policy '{r.target}'" for r in policy.relations if r.target not in policies]
        wrong += [f"issuer '{name}'" for name in policy.issuers if name not in issuers]
        wrong += [f"scope '{policy.scope}'"] if policy.scope not in scopes else []
        yield from (_at(where, f"there is no {what}") for what in wrong)
    for rule in knowledge.rules:
        if rule.policy is not None:
            for message in _policy_faults(rule, policies[rule.policy]):
                yield _at(content.where("rule", rule.id), f"{rule.id}: {message}")


def _policy_faults(rule: Rule, policy: Policy) -> Iterator[str]:
    begins, start = policy.effective, rule.in_force.start
    if begins and start and start.last() < begins.first():
        yield f"is in force from {start}, before its policy takes effect ({begins})"
    ends = policy.expires
    if ends and (rule.in_force.until is None or rule.in_force.until.first() > ends.last()):
        yield f"must end with its policy, which expires on {ends}"
    refs = {clause.ref for clause in policy.clauses}
    for cite in rule.cites:
        own = cite.source.startswith(f"{policy.id}.")
        if own and cite.clause is None:
            yield f"names no clause of {policy.id}"
        elif own and cite.clause not in refs:
            yield f"cites clause '{cite.clause}', which {policy.id} does not have"


def _taxes(content: Content) -> Iterator[Problem]:
    """A tax line rests on what stands before it, on units and facts that exist, and on a source."""
    questions = {question.field: question for question in content.knowledge.questions}
    allowed = _allowed_values(content)
    for country in content.knowledge.countries:
        if country.taxes is None:
            continue
        readings: dict[str, int] = {}
        units = {unit.id for unit in country.taxes.units}
        bases = set(GIVEN_BASES)
        for line in country.taxes.lines:
            where = content.where("tax", f"{country.scope}.{line.id}")
            conditions = [*([line.when] if line.when else []), *conditions_of(line.amount)]
            messages = [message for one in conditions for message in _condition_faults(one, questions, allowed)]
            messages += [f"there is no base '{name}' before it" for name in bases_of(line.amount) if name not in bases]
            messages += [f"there is no unit '{name}'" for name in _units_in(line.amount) if name not in units]
            messages += [f"'{name}' is no number to charge by" for name in _per_unit(line.amount, questions)]
            messages += _dispute_faults(line.amount, readings)
            messages += _force_faults(line.in_force)
            messages += [] if line.cites else ["cites nothing; a tax needs a source"]
            yield from (_at(where, f"{country.scope}.{line.id}: {message}") for message in messages)
            bases.add(line.id)


def _tax_lines(country: Country) -> tuple[TaxLine, ...]:
    return country.taxes.lines if country.taxes else ()


def _units_in(amount: Amount) -> Iterator[str]:
    return (part.unit for part in parts_of(amount) if isinstance(part, Units))


def _per_unit(amount: Amount, questions: dict[str, Question]) -> Iterator[str]:
    """The facts by which an amount charges although they are no numbers, or dates where it charges by an age."""
    for measure in measures_of(amount):
        kind = "number" if isinstance(measure.of, str) else "date"
        for name in (measure.of,) if isinstance(measure.of, str) else (measure.of.start, measure.of.end):
            question = questions.get(name)
            if question is None or question.kind != kind:
                yield name


def _dispute_faults(amount: Amount, readings: dict[str, int]) -> Iterator[str]:
    """Disputes of one name that have not the same number of readings; `readings` keeps those seen so far."""
    for part in parts_of(amount):
        if isinstance(part, Either) and part.dispute is not None:
            first = readings.setdefault(part.dispute, len(part.parts))
            if first != len(part.parts):
                yield f"the dispute '{part.dispute}' has {len(part.parts)} readings here and {first} before"


def _comparisons(content: Content, on: dt.date) -> Iterator[Problem]:
    """What the comparison says of a destination rests on its rules and taxes, and on those that hold today."""
    for country in content.knowledge.countries:
        scopes = (country.scope, *country.unions)
        rules = {rule.id: rule.in_force for rule in content.knowledge.rules if rule.scope in scopes}
        taxes = {line.id: line.in_force for line in _tax_lines(country)}
        for topic, cell in country.comparison:
            where = content.where("country", country.scope)
            known = {**{name: rules.get(name) for name in cell.rules}, **{name: taxes.get(name) for name in cell.taxes}}
            if len(cell.zh) > _LONGEST_CELL or len(cell.en) > 2 * _LONGEST_CELL:
                yield _at(where, f"comparison.{topic}: a few words, at most {_LONGEST_CELL} characters of Chinese")
            if not known and _DIGIT.search(cell.zh + cell.en):
                yield _at(where, f"comparison.{topic}: a figure needs the rule or tax line that says so")
            for name, force in known.items():
                if force is None:
                    yield _at(where, f"comparison.{topic}: the destination has no rule or tax line '{name}'")
                elif not _holds(force, on):
                    yield _at(where, f"comparison.{topic}: '{name}' is not in force on {on}")


def _forms(content: Content) -> Iterator[Problem]:
    """A form is the blank of a document, in both languages, and asks for facts that a case can hold."""
    knowledge = content.knowledge
    documents = {document.id for document in knowledge.documents}
    fields = {question.field: question.field for question in knowledge.questions}
    written = {(form.document, form.lang) for form in knowledge.forms}
    for form in knowledge.forms:
        where = content.where("form", form.id)
        if form.document not in documents:
            yield _at(where, f"there is no document '{form.document}'")
        for lang in LANGUAGES:
            if (form.document, lang) not in written:
                yield _at(where, f"the form is missing in '{lang}'")
        try:
            check_form(form.data, fields)
        except FormError as error:
            yield _at(where, f"the form cannot be filled: {error}")


def _holds(force: InForce, on: dt.date) -> bool:
    """Whether something is in force on a day, or may be."""
    begun = force.start is None or force.start.first() <= on
    return begun and (force.until is None or force.until.last() >= on)


def _repeated(content: Content) -> Iterator[Problem]:
    """No list names the same thing twice."""
    for rule in content.knowledge.rules:
        names = [f"document '{name}'" for name in rule.documents]
        names += [f"obligation '{obligation.id}'" for obligation in rule.obligations]
        yield from _twice(content.where("rule", rule.id), names)
    for country in content.knowledge.countries:
        names = [f"union '{name}'" for name in country.unions]
        names += [f"key figure '{figure.id}' of {figure.as_of}" for figure in country.key_figures]
        yield from _twice(content.where("country", country.scope), names)
    for policy in content.knowledge.policies:
        names = [f"issuer '{name}'" for name in policy.issuers]
        names += [f"relation '{relation.kind} {relation.target}'" for relation in policy.relations]
        names += [f"clause '{clause.ref}'" for clause in policy.clauses]
        yield from _twice(content.where("policy", policy.id), names)


def _twice(where: Location, names: list[str]) -> Iterator[Problem]:
    return (_at(where, f"the {name} stands here {n} times") for name, n in Counter(names).items() if n > 1)


def _unused(content: Content) -> Iterator[Problem]:
    """Nothing stands about that nobody uses."""
    knowledge = content.knowledge
    required = {name for rule in knowledge.rules for name in rule.documents}
    required |= {name for country in knowledge.countries for step in country.procedure for name in step.documents}
    for document in knowledge.documents:
        if document.id not in required:
            yield _at(content.where("document", document.id), f"nobody requires the document '{document.id}'")
    taken = {f"{line.union}.{line.id}" for country in knowledge.countries for line in _tax_lines(country) if line.union}
    for name in content.shared_taxes:
        if name not in taken:
            yield _at(content.where("tax", name), f"no destination takes over '{name}'; inherit or delete it")
    dumped = knowledge.model_dump_json(exclude={"sources": True})
    cited = set(re.findall(r'"source":"([^"]+)"', dumped)) | set(CITATION.findall(dumped))
    for source in knowledge.sources:
        if source.id not in cited:
            yield _warning(content.where("source", source.id), f"nothing cites the source '{source.id}'")


def _prose(content: Content) -> Iterator[Problem]:
    """Every number in running text is followed by a citation in the same block."""
    for prose in _all_prose(content):
        for line, block in _blocks(prose.markdown):
            if _uncited_number(block):
                yield Problem(prose.file, line, f"a number without a citation: “{_shortened(block)}”")


def _all_prose(content: Content) -> Iterator[Prose]:
    for country in content.knowledge.countries:
        yield from country.sections
    for policy in content.knowledge.policies:
        yield from policy.sections
    for chapter in content.knowledge.chapters:
        yield from chapter.sections


def _blocks(markdown: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, list items and table rows, with the line on which each begins; headings are left out."""
    start, lines = 1, list[str]()
    for number, line in enumerate(markdown.splitlines(), 1):
        text = line.strip()
        begins = text.startswith(("- ", "* ", "|")) or re.match(r"\d+\. ", text)
        if not text or begins or text.startswith("#"):
            if lines:
                yield start, " ".join(lines)
            lines = []
        if text and not text.startswith("#") and not _TABLE_RULE.match(text):
            start = start if lines else number
            lines.append(re.sub(r"^\d+\. ", "", text))
    if lines:
        yield start, " ".join(lines)


def _uncited_number(block: str) -> bool:
    plain = _NAME_WITH_DIGIT.sub("", _LINK.sub("]", block))
    parts = CITATION.split(plain)
    return _DIGIT.search(parts[-1]) is not None


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _punctuation(content: Content) -> Iterator[Problem]:
    """Chinese is punctuated as Chinese."""
    for prose in _all_prose(content):
        if prose.lang == "zh":
            for number, line in enumerate(prose.markdown.splitlines(), 1):
                if match := _HALF_WIDTH.search(CITATION.sub("", line)):
                    yield Problem(prose.file, number, f"half-width punctuation in Chinese text at “{match.group()}”")
    for rule in content.knowledge.rules:
        for text in _texts(rule):
            if match := _HALF_WIDTH.search(text.zh):
                yield _at(
                    content.where("rule", rule.id), f"half-width punctuation in Chinese text at “{match.group()}”"
                )


def _texts(rule: Rule) -> Iterable[Text]:
    reasons = (rule.reasons.applies, rule.reasons.clear, rule.reasons.unknown)
    return [text for text in (rule.title, rule.note, *reasons) if text is not None]


def _stale(content: Content, on: dt.date) -> Iterator[Problem]:
    """Entries past the review interval."""
    days = content.knowledge.site.review_days
    kinds: tuple[tuple[str, tuple[Country | Union | Policy | Chapter, ...]], ...] = (
        ("country", content.knowledge.countries),
        ("union", content.knowledge.unions),
        ("policy", content.knowledge.policies),
        ("chapter", content.knowledge.chapters),
    )
    for kind, entries in kinds:
        for entry in entries:
            age = (on - entry.reviewed).days
            if age > days:
                name = entry.scope if isinstance(entry, Country) else entry.id
                yield _warning(
                    content.where(kind, name),
                    f"last reviewed {age} days ago ({entry.reviewed}); the interval is {days} days",
                )
            elif age < 0:
                name = entry.scope if isinstance(entry, Country) else entry.id
                yield _warning(
                    content.where(kind, name),
                    f"{name} is reviewed on {entry.reviewed}, after {on}",
                )
