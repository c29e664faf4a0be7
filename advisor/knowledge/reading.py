"""Reads the files that people write into the model; every problem carries its file and line."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from advisor.knowledge.conditions import ConditionError, parse_condition
from advisor.knowledge.files import CONTENT, COUNTRIES, SUFFIXES, content_files, fingerprint
from advisor.knowledge.model import (
    LANGUAGES,
    SECTIONS,
    Asked,
    Chapter,
    Country,
    Document,
    Event,
    Form,
    Frozen,
    Knowledge,
    LicenceCheck,
    Named,
    Policy,
    Probe,
    Prose,
    Question,
    Region,
    Rule,
    SearchWords,
    Site,
    Source,
    Taxes,
    TaxLine,
    Term,
    Union,
)
from advisor.knowledge.problems import ContentError, Problem
from advisor.knowledge.yamlfile import Path_, YamlFile, read_yaml

Model = TypeVar("Model", bound=Frozen)


UNIONS: Final = "countries/_unions"
POLICIES: Final = "content/policies"
CHAPTERS: Final = "content/guides"
FORMS: Final = "content/forms"

CITATION: Final = re.compile(r"\[@([a-z0-9.-]+)\]")
_NO_CITATION: Final = re.compile(r"\[@(?![a-z0-9.-]+\])[^\]\n]*\]?")

SEARCH: Final = "content/search.yaml"
ASKED: Final = "asked.yaml"
_JUDGED_ON: Final = {"import": "dates.arrival", "export": "dates.application", "filing": "dates.filing"}
# Rules on vehicles, and rules on who may be filed as an exporter; a policy may hold either.
_RULE_FILES: Final = ("rules.yaml", "filing.yaml")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a thing is written."""

    file: str
    line: int


@dataclass(slots=True)
class Content:
    """What was read: the knowledge, where its parts stand, and the tax lines that unions share, as `UNION.LINE`."""

    knowledge: Knowledge
    locations: dict[str, Location]
    shared_taxes: tuple[str, ...]

    def where(self, kind: str, name: str) -> Location:
        """The place of a part, such as `where("rule", "ke.age-limit")`."""
        return self.locations.get(f"{kind} {name}", Location(CONTENT, 1))


def read_content(root: Path) -> Content:
    """Read `content/` and `countries/` below `root`.

    Raises ContentError with every problem found when something cannot be read at all; editorial
    problems (`checking`) come later and need what is returned here.
    """
    reader = _Reader(root)
    knowledge = reader.read()
    if knowledge is None or reader.problems:
        raise ContentError(sorted(set(reader.problems)))
    return Content(knowledge, reader.locations, reader.shared_taxes)


@dataclass(slots=True)
class _Entry:
    """A folder with sources of its own: a country, a union or a policy."""

    scope: str
    folder: str
    file: YamlFile
    sources: tuple[Source, ...] = ()
    parents: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids under which its sources are written."""
        raw = self.file.data.get("sources")
        return tuple(raw) if isinstance(raw, Mapping) else ()


@dataclass(slots=True)
class _Reader:
    root: Path
    problems: list[Problem] = field(default_factory=list)
    locations: dict[str, Location] = field(default_factory=dict)
    _sources: dict[str, set[str]] = field(default_factory=dict)
    _shared: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self) -> Knowledge | None:
        site = self._one("content/site.yaml", Site)
        licence = self._one("content/licence_check.yaml", LicenceCheck)
        unions = self._entries(UNIONS, "union.yaml")
        countries = self._entries(COUNTRIES, "country.yaml")
        policies = self._entries(POLICIES, "policy.yaml")
        chapters = self._entries(CHAPTERS, "guide.yaml")
        entries = [*unions, *countries, *policies, *chapters]
        # A source that is written but faulty is reported once, as itself, not again by all that cites it.
        self._sources = {entry.scope: {f"{entry.scope}.{name}" for name in entry.listed} for entry in entries}
        self._shared = {name: shared for entry in unions for name, shared in self._shared_taxes(entry)}
        parts: dict[str, Any] = {
            "unions": self._models(unions, Union, {}),
            "countries": [model for entry in countries for model in self._country(entry)],
            "policies": [model for entry in policies for model in self._policy(entry)],
            "chapters": [
                model
                for entry in chapters
                for model in self._models([entry], Chapter, {"sections": self._prose(entry, ("text",))})
            ],
            "rules": [rule for entry in entries for rule in self._rules(entry)],
            "documents": [
                *self._list("content/documents.yaml", Document, "document"),
                *(document for entry in entries for document in self._documents(entry)),
            ],
            "regions": self._regions(),
            "questions": self._list("content/questions.yaml", Question, "question", key="field"),
            "terms": self._list("content/glossary.yaml", Term, "term"),
            "stages": self._list("content/stages.yaml", Named, "stage"),
            "events": self._list("content/events.yaml", Event, "event"),
            "issuers": self._list("content/issuers.yaml", Named, "issuer"),
            "world": self._list("content/world.yaml", Named, "world"),
            "probes": self._list("content/probes.yaml", Probe, "probe"),
            "forms": self._forms(),
            "asked": self._asked(),
            "search": self._one(SEARCH, SearchWords) if (self.root / SEARCH).is_file() else SearchWords(),
            "sources": [source for entry in entries for source in entry.sources],
        }
        if self.problems or site is None or licence is None:
            return None
        return Knowledge(site=site, licence=licence, version=fingerprint(self.root), **parts)

    # Files

    def _files(self, folder: str) -> list[str]:
        return [f"{folder}/{path.name}" for path in sorted((self.root / folder).glob("*.yaml"))]

    def _load(self, name: str) -> YamlFile | None:
        path = self.root / name
        if not path.is_file():
            self.problems.append(Problem(name, 1, "is missing"))
            return None
        file, problems = read_yaml(path, name)
        self.problems += problems
        return file

    def _forms(self) -> list[Form]:
        """The blanks of documents, `DOCUMENT.LANG.docx`."""
        found = []
        for path in sorted((self.root / FORMS).glob("*.docx")):
            document, _, lang = path.stem.rpartition(".")
            if lang not in LANGUAGES:
                self.problems.append(
                    Problem(f"{FORMS}/{path.name}", 1, "a form is named DOCUMENT.zh.docx or DOCUMENT.en.docx")
                )
                continue
            data = base64.b64encode(path.read_bytes())
            found.append(Form.model_validate({"id": path.stem, "document": document, "lang": lang, "data": data}))
            self.locations[f"form {path.stem}"] = Location(f"{FORMS}/{path.name}", 1)
        return found

    def _asked(self) -> list[Asked]:
        """The lines of the index, from every `asked.yaml`: a mapping of entries to phrases."""
        found = []
        for path in content_files(self.root):
            if path.name != ASKED:
                continue
            file = self._load(path.relative_to(self.root).as_posix())
            if file is None:
                continue
            if not isinstance(file.data, Mapping):
                self.problems.append(file.problem((), "must map entries, such as rule:xx.age-limit, to zh and en"))
                continue
            for name, raw in file.data.items():
                phrases = {**raw, "id": name} if isinstance(raw, Mapping) else raw
                asked = self._build(Asked, phrases, file, (name,))
                if asked is not None:
                    self._note("asked", name, file, (name,))
                    found.append(asked)
        return found

    def _one(self, name: str, model: type[Model]) -> Model | None:
        file = self._load(name)
        return self._build(model, file.data, file, ()) if file else None

    def _regions(self) -> list[Region]:
        found = []
        for name in self._files("content/regions"):
            file = self._load(name)
            region = self._build(Region, file.data, file, ()) if file else None
            if file and region:
                self._note("region", region.id, file, ())
                found.append(region)
        return sorted(found, key=lambda region: region.last)

    def _list(self, name: str, model: type[Model], kind: str, key: str = "id") -> list[Model]:
        file = self._load(name)
        if file is None:
            return []
        return self._items(file, (), model, kind, key, scope=None)

    def _items(
        self, file: YamlFile, at: Path_, model: type[Model], kind: str, key: str, scope: _Entry | None
    ) -> list[Model]:
        data = file.data
        for step in at:
            data = data[step]
        if not isinstance(data, list):
            self.problems.append(file.problem(at, f"must be a list of {kind}s"))
            return []
        found: list[Model] = []
        for position, raw in enumerate(data):
            path = (*at, position)
            built = self._build(model, self._cited(raw, scope, file, path), file, path)
            if built is not None:
                self._note(kind, str(getattr(built, key)), file, path)
                found.append(built)
        return found

    def _note(self, kind: str, name: str, file: YamlFile, path: Path_) -> None:
        known = self.locations.get(f"{kind} {name}")
        if known is not None:
            self.problems.append(
                file.problem(
                    path, f"the {kind} '{name}' is already written in {known.file}:{known.line}; ids are unique"
                )
            )
        self.locations[f"{kind} {name}"] = Location(file.name, file.line(path))

    def _build(self, model: type[Model], raw: Any, file: YamlFile, at: Path_) -> Model | None:
        if not isinstance(raw, Mapping):
            self.problems.append(file.problem(at, f"must be a mapping with the fields of a {model.__name__.lower()}"))
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.problems += [_schema_problem(file, at, detail) for detail in error.errors()]
        return None

    # Entries

    def _entries(self, folder: str, main: str) -> list[_Entry]:
        found = []
        for path in self._entry_folders(folder):
            name = f"{folder}/{path.name}"
            file = self._load(f"{name}/{main}")
            if file is None:
                continue
            if not isinstance(file.data, dict):
                self.problems.append(file.problem((), f"must be a mapping with the fields of a {Path(main).stem}"))
                continue
            entry = _Entry(path.name, name, file)
            unions = file.data.get("unions")
            entry.parents = tuple(map(str, unions)) if isinstance(unions, list) else ()
            entry.sources = tuple(self._entry_sources(entry))
            found.append(entry)
        return found

    def _entry_folders(self, folder: str) -> list[Path]:
        """The folders in which something is written; `_unions` holds entries and is none."""
        folders = (path for path in (self.root / folder).glob("*") if path.is_dir() and not path.name.startswith("_"))
        return sorted(path for path in folders if any(file.suffix in SUFFIXES for file in path.iterdir()))

    def _entry_sources(self, entry: _Entry) -> Iterator[Source]:
        raw = entry.file.data.get("sources")
        if not isinstance(raw, Mapping):
            self.problems.append(entry.file.problem(("sources",), "sources must map ids to title, publisher, url ..."))
            return
        for name, value in raw.items():
            path = ("sources", name)
            if not isinstance(value, Mapping):
                self.problems.append(
                    entry.file.problem(path, "a source has title, publisher, url, published, language, kind")
                )
                continue
            source = self._build(Source, {**value, "id": f"{entry.scope}.{name}"}, entry.file, path)
            if source is not None:
                self._note("source", source.id, entry.file, path)
                yield source

    def _models(self, entries: Iterable[_Entry], model: type[Model], more: Mapping[str, Any]) -> list[Model]:
        found = []
        for entry in entries:
            raw = {**entry.file.data, "sources": list(entry.sources), "id": entry.scope, **more}
            built = self._build(model, self._cited(raw, entry, entry.file, ()), entry.file, ())
            if built is not None:
                self._note(model.__name__.lower(), entry.scope, entry.file, ())
                found.append(built)
        return found

    def _country(self, entry: _Entry) -> list[Country]:
        raw = {
            **entry.file.data,
            "sources": list(entry.sources),
            "sections": self._prose(entry, SECTIONS),
            "taxes": self._taxes(entry),
        }
        built = self._build(Country, self._cited(raw, entry, entry.file, ()), entry.file, ())
        if built is None:
            return []
        if built.scope != entry.scope:
            self.problems.append(entry.file.problem(("code",), f"code is {built.code} but the folder is {entry.scope}"))
        self._note("country", built.scope, entry.file, ("reviewed",))
        return [built]

    def _taxes(self, entry: _Entry) -> Taxes | None:
        name = f"{entry.folder}/taxes.yaml"
        file = self._load(name) if (self.root / name).is_file() else None
        if file is None:
            return None
        raw = self._cited(file.data, entry, file, ())
        if isinstance(raw, Mapping) and isinstance(raw.get("lines"), list):
            raw = {**raw, "lines": [self._taken_over(one, entry, file, at) for at, one in enumerate(raw["lines"])]}
        taxes = self._build(Taxes, raw, file, ())
        for position, line in enumerate(taxes.lines if taxes else ()):
            self._note("tax", f"{entry.scope}.{line.id}", file, ("lines", position))
        return taxes

    @property
    def shared_taxes(self) -> tuple[str, ...]:
        """The tax lines that unions share, as `UNION.LINE`."""
        return tuple(self._shared)

    def _shared_taxes(self, union: _Entry) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The tax lines that a union shares, as written."""
        name = f"{union.folder}/taxes.yaml"
        file = self._load(name) if (self.root / name).is_file() else None
        if file is None:
            return
        if not isinstance(file.data, Mapping) or not isinstance(file.data.get("lines"), list):
            self.problems.append(file.problem((), "must hold 'lines', a list"))
            return
        for position, raw in enumerate(file.data["lines"]):
            at = ("lines", position)
            built = self._build(TaxLine, self._cited(raw, union, file, at), file, at)
            if built is not None:
                self._note("tax", f"{union.scope}.{built.id}", file, at)
                yield f"{union.scope}.{built.id}", {**self._cited(raw, union, file, at), "union": union.scope}

    def _taken_over(self, raw: Any, entry: _Entry, file: YamlFile, position: int) -> Any:
        """A line, or in place of `{inherit: UNION.LINE}` the line of the union."""
        if not isinstance(raw, Mapping) or set(raw) != {"inherit"}:
            return raw
        name = str(raw["inherit"])
        shared = self._shared.get(name)
        if shared is None or name.partition(".")[0] not in entry.parents:
            message = f"'{name}' is no tax line of a union to which the destination belongs"
            self.problems.append(file.problem(("lines", position), message))
            return raw
        return shared

    def _policy(self, entry: _Entry) -> list[Policy]:
        return self._models([entry], Policy, {"sections": self._prose(entry, ("summary",))})

    def _documents(self, entry: _Entry) -> list[Document]:
        name = f"{entry.folder}/documents.yaml"
        if not (self.root / name).is_file():
            return []
        file = self._load(name)
        if file is None:
            return []
        return self._items(file, (), Document, "document", "id", entry)

    def _prose(self, entry: _Entry, sections: Iterable[str]) -> list[Prose]:
        found = []
        for section in sections:
            for lang in LANGUAGES:
                name = f"{entry.folder}/{section}.{lang}.md"
                text = self._text(name, f"is missing: {section} must be written in {' and '.join(LANGUAGES)}")
                if text is not None:
                    markdown = self._cited_prose(text, entry, name)
                    found.append(Prose(section=section, lang=lang, file=name, markdown=markdown))
        return found

    def _text(self, name: str, missing: str) -> str | None:
        path = self.root / name
        if not path.is_file():
            self.problems.append(Problem(name, 1, missing))
            return None
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self.problems.append(Problem(name, 1, "is not UTF-8 text"))
            return None

    # Rules

    def _rules(self, entry: _Entry) -> list[Rule]:
        return [rule for name in _RULE_FILES for rule in self._rules_of(entry, f"{entry.folder}/{name}")]

    def _rules_of(self, entry: _Entry, name: str) -> list[Rule]:
        if not (self.root / name).is_file():
            return []
        file = self._load(name)
        if file is None:
            return []
        if not isinstance(file.data, Mapping) or not isinstance(file.data.get("rules"), list):
            self.problems.append(file.problem((), "must hold 'rules', a list, and optionally 'given', a condition"))
            return []
        given = self._condition(file.data.get("given"), file, ("given",))
        found = []
        for position, raw in enumerate(file.data["rules"]):
            rule = self._rule(raw, given, entry, file, ("rules", position))
            if rule is not None:
                self._note("rule", rule.id, file, ("rules", position))
                found.append(rule)
        return found

    def _rule(self, raw: Any, given: Any, entry: _Entry, file: YamlFile, path: Path_) -> Rule | None:
        if not isinstance(raw, Mapping):
            self.problems.append(file.problem(path, "a rule is a mapping with id, side, effect, title ..."))
            return None
        scope = str(entry.file.data.get("scope", entry.scope))
        when = self._condition(raw.get("when"), file, (*path, "when"))
        values = {
            "judged_on": _JUDGED_ON.get(str(raw.get("side")), "dates.application"),
            **raw,
            "id": f"{scope}.{raw.get('id')}",
            "when": _both(given, when),
            "met_when": self._condition(raw.get("met_when"), file, (*path, "met_when")),
            "policy": entry.scope if entry.folder.startswith(POLICIES) else None,
        }
        return self._build(Rule, self._cited(values, entry, file, path), file, path)

    def _condition(self, raw: Any, file: YamlFile, path: Path_) -> Any:
        if raw is None:
            return None
        try:
            parse_condition(raw)
        except ConditionError as error:
            self.problems.append(file.problem(path, str(error)))
            return None
        return raw

    # Citations

    def _cited(self, raw: Any, entry: _Entry | None, file: YamlFile, path: Path_) -> Any:
        """The same value with every `cites` in it turned into qualified citations."""
        if isinstance(raw, list):
            return [self._cited(item, entry, file, (*path, at)) for at, item in enumerate(raw)]
        if not isinstance(raw, Mapping):
            return raw
        return {
            key: self._cites(value, entry, file, (*path, key))
            if key == "cites"
            else self._cited(value, entry, file, (*path, key))
            for key, value in raw.items()
        }

    def _cites(self, raw: Any, entry: _Entry | None, file: YamlFile, path: Path_) -> Any:
        if not isinstance(raw, list):
            return raw
        found = []
        for at, item in enumerate(raw):
            cite = dict(item) if isinstance(item, Mapping) else {"source": item}
            name = str(cite.get("source"))
            qualified = self._qualified(name, entry)
            if qualified is None:
                self.problems.append(
                    file.problem((*path, at), f"the source '{name}' is not listed; add it under sources")
                )
                continue
            found.append({**cite, "source": qualified})
        return found

    def _qualified(self, name: str, entry: _Entry | None) -> str | None:
        if "." in name:
            scope, _, local = name.partition(".")
            return name if name in self._sources.get(scope, ()) and local else None
        for scope in (entry.scope, *entry.parents) if entry else ():
            if f"{scope}.{name}" in self._sources.get(scope, ()):
                return f"{scope}.{name}"
        return None

    def _cited_prose(self, text: str, entry: _Entry, name: str) -> str:
        def fault(match: re.Match[str], message: str) -> None:
            line = text.count("\n", 0, match.start()) + 1
            self.problems.append(Problem(name, line, message))

        def replace(match: re.Match[str]) -> str:
            qualified = self._qualified(match.group(1), entry)
            if qualified is None:
                fault(match, f"the source '{match.group(1)}' is not listed; add it under sources")
            return f"[@{qualified}]"

        for match in _NO_CITATION.finditer(text):
            fault(match, f"'{match.group()}' is no citation; write one source in each, such as [@s1][@s2]")
        return CITATION.sub(replace, text)


def _both(given: Any, when: Any) -> Any:
    if given is None or when is None:
        return given or when
    return {"all": [given, when]}


def _schema_problem(file: YamlFile, at: Path_, detail: Any) -> Problem:
    path: Path_ = (*at, *detail["loc"])
    where = ".".join(str(step) for step in detail["loc"])
    value = detail.get("input")
    if detail["type"] == "missing":
        return file.problem(path, f"'{where}' is missing")
    if detail["type"] == "extra_forbidden":
        return file.problem(path, f"'{where}' is not a field here; see CONTRIBUTING.md")
    message = detail["msg"].removeprefix("Value error, ")
    shown = f" (it is {value!r:.60})" if isinstance(value, str | int | None) else ""
    return file.problem(path, f"'{where}': {message}{shown}")
