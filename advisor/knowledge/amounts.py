"""The language in which a tax says how much: rates, amounts per unit, tables, floors and caps.

As written in YAML::

    {rate: 15, of: customs-value}                         percent of a line, or of several: of: [customs-value, duty]
    {amount: 0.4, currency: USD, per: vehicle.engine_cc}  so much for each unit of a fact; without `per` a fixed sum
    {units: 50, of: mrp}                                  so many national units (the unit's value stands in `units`)
    {sum: [A, B]}  {greatest: [A, B]}  {least: [A, B]}    of amounts
    {table: [{when: {...}, then: A}, {then: B}]}          the first row whose condition holds
    {by: customs-value, currency: JOD, rows: [{up-to: 10000, then: A}, {then: B}]}   brackets of a line's value
    {either: [A, B]}                                      sources differ: from the least to the most of them
    {quotient: A, by: 1.958}                              an amount divided by a number
    {not-known: {zh: ..., en: ...}}                       the figure was not to be had; the text says which

`of` and `by` name earlier lines, or what the price gives: `cif`, `fob`, `list-price`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from advisor.knowledge.conditions import Condition, ConditionError, facts_read, parse_condition, write_condition

# What the price of a case gives, before any line.
GIVEN_BASES: Final = ("cif", "fob", "list-price")


class AmountError(ValueError):
    """An amount that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage of one line or of the sum of several."""

    percent: Decimal
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A sum of money, or so much for each unit of a numeric fact; no currency means the destination's."""

    amount: Decimal
    currency: str | None
    per: str | None


@dataclass(frozen=True, slots=True)
class Units:
    """A number of national units, such as monthly index units."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Sum:
    """All of these together."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Greatest:
    """The greatest of these: a floor."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The least of these: a cap."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; without a condition it holds for all that is left."""

    when: Condition | None
    then: Amount


@dataclass(frozen=True, slots=True)
class Table:
    """The amount of the first row whose condition holds."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of values, its upper end included; without one it is the last."""

    up_to: Decimal | None
    then: Amount


@dataclass(frozen=True, slots=True)
class Brackets:
    """The amount of the bracket into which a line's value falls."""

    of: str
    currency: str | None
    rows: tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Sources differ on which of these it is."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """An amount divided by a number."""

    part: Amount
    by: Decimal


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A figure that was not found, in words of both languages."""

    zh: str
    en: str


Amount = Rate | Fixed | Units | Sum | Greatest | Least | Table | Brackets | Either | Quotient | NotKnown

_LISTS: Final[dict[str, type[Sum] | type[Greatest] | type[Least] | type[Either]]] = {
    "sum": Sum,
    "greatest": Greatest,
    "least": Least,
    "either": Either,
}
_FORMS: Final = "rate, amount, units, sum, greatest, least, table, by, either, quotient or not-known"


def parse_amount(raw: object) -> Amount:
    """Read an amount as written in YAML; raises AmountError."""
    if not isinstance(raw, Mapping) or not raw:
        raise AmountError(f"an amount is a mapping such as {{rate: 15, of: customs-value}}, not {raw!r}")
    keys = set(raw)
    for name, kind in _LISTS.items():
        if keys == {name}:
            return kind(_parts(raw[name], name))
    if keys == {"rate", "of"}:
        return Rate(_number(raw["rate"], "rate"), _names(raw["of"]))
    if "amount" in keys and keys <= {"amount", "currency", "per"}:
        return Fixed(_number(raw["amount"], "amount"), _currency(raw.get("currency")), _fact(raw.get("per")))
    if keys == {"units", "of"}:
        return Units(_number(raw["units"], "units"), str(raw["of"]))
    if keys == {"table"}:
        return Table(tuple(_row(row) for row in _rows(raw["table"], "table")))
    if {"by", "rows"} <= keys <= {"by", "rows", "currency"}:
        rows = tuple(_bracket(row) for row in _rows(raw["rows"], "rows"))
        return Brackets(str(raw["by"]), _currency(raw.get("currency")), rows)
    if keys == {"quotient", "by"}:
        return Quotient(parse_amount(raw["quotient"]), _number(raw["by"], "by"))
    if keys == {"not-known"}:
        return _not_known(raw["not-known"])
    raise AmountError(f"an amount is one of {_FORMS}; this has {', '.join(map(str, raw))}")


def _parts(raw: object, name: str) -> tuple[Amount, ...]:
    return tuple(parse_amount(part) for part in _rows(raw, name))


def _rows(raw: object, name: str) -> list[Any]:
    if not isinstance(raw, list | tuple) or not raw:
        raise AmountError(f"'{name}' holds a list, not {raw!r}")
    return list(raw)


def _row(raw: object) -> Row:
    if not isinstance(raw, Mapping) or not {"then"} <= set(raw) <= {"when", "then"}:
        raise AmountError(f"a row of a table has when and then, not {raw!r}")
    try:
        when = parse_condition(raw["when"]) if "when" in raw else None
    except ConditionError as error:
        raise AmountError(str(error)) from None
    return Row(when, parse_amount(raw["then"]))


def _bracket(raw: object) -> Bracket:
    if not isinstance(raw, Mapping) or not {"then"} <= set(raw) <= {"up-to", "then"}:
        raise AmountError(f"a bracket has up-to and then, not {raw!r}")
    return Bracket(_number(raw["up-to"], "up-to") if "up-to" in raw else None, parse_amount(raw["then"]))


def _names(raw: object) -> tuple[str, ...]:
    return tuple(str(name) for name in raw) if isinstance(raw, list | tuple) else (str(raw),)


def _currency(raw: object) -> str | None:
    if raw is None or (isinstance(raw, str) and len(raw) == 3 and raw.isupper()):
        return raw
    raise AmountError(f"a currency is an ISO 4217 code such as USD, not {raw!r}")


def _fact(raw: object) -> str | None:
    if raw is None or isinstance(raw, str):
        return raw
    raise AmountError(f"'per' names a fact such as vehicle.engine_cc, not {raw!r}")


def _number(raw: object, where: str) -> Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(raw, bool) or not number.is_finite():
        raise AmountError(f"'{where}' is a number, not {raw!r}")
    return number


def _not_known(raw: object) -> NotKnown:
    if not isinstance(raw, Mapping) or set(raw) != {"zh", "en"}:
        raise AmountError("'not-known' says in zh and en which figure was not found")
    return NotKnown(str(raw["zh"]), str(raw["en"]))


def write_amount(amount: Amount) -> dict[str, Any]:
    """The YAML form of an amount; the inverse of `parse_amount`."""
    match amount:
        case Rate(percent, of):
            return {"rate": str(percent), "of": list(of)}
        case Fixed(number, currency, per):
            fields = {"amount": str(number), "currency": currency, "per": per}
            return {name: value for name, value in fields.items() if value is not None}
        case Units(number, unit):
            return {"units": str(number), "of": unit}
        case Sum(parts) | Greatest(parts) | Least(parts) | Either(parts):
            name = next(name for name, kind in _LISTS.items() if isinstance(amount, kind))
            return {name: [write_amount(part) for part in parts]}
        case Table(rows):
            return {"table": [_write_row(row) for row in rows]}
        case Brackets(of, currency, brackets):
            written = {"by": of, "rows": [_write_bracket(bracket) for bracket in brackets]}
            return {**written, "currency": currency} if currency else written
        case Quotient(part, by):
            return {"quotient": write_amount(part), "by": str(by)}
        case NotKnown(zh, en):
            return {"not-known": {"zh": zh, "en": en}}


def _write_row(row: Row) -> dict[str, Any]:
    then = {"then": write_amount(row.then)}
    return {"when": write_condition(row.when), **then} if row.when else then


def _write_bracket(bracket: Bracket) -> dict[str, Any]:
    then = {"then": write_amount(bracket.then)}
    return {"up-to": str(bracket.up_to), **then} if bracket.up_to is not None else then


def parts_of(amount: Amount) -> Iterator[Amount]:
    """An amount and every amount within it."""
    yield amount
    match amount:
        case Sum(parts) | Greatest(parts) | Least(parts) | Either(parts):
            inner = parts
        case Table(rows):
            inner = tuple(row.then for row in rows)
        case Brackets(_, _, brackets):
            inner = tuple(bracket.then for bracket in brackets)
        case Quotient(part, _):
            inner = (part,)
        case _:
            inner = ()
    for part in inner:
        yield from parts_of(part)


def bases_of(amount: Amount) -> tuple[str, ...]:
    """The lines on which an amount rests, each once."""
    names: dict[str, None] = {}
    for part in parts_of(amount):
        match part:
            case Rate(_, of):
                names |= dict.fromkeys(of)
            case Brackets(of, _, _):
                names[of] = None
    return tuple(names)


def facts_of(amount: Amount) -> tuple[str, ...]:
    """The facts that an amount reads, each once."""
    names: dict[str, None] = {}
    for part in parts_of(amount):
        match part:
            case Fixed(_, _, str() as fact):
                names[fact] = None
            case Table(rows):
                names |= {name: None for row in rows if row.when for name in facts_read(row.when)}
    return tuple(names)
