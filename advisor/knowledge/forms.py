"""Fills the blanks of a form, a Word document with `{{ vehicle.vin }}` where a fact of the case belongs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final
from zipfile import BadZipFile

from jinja2 import Environment, StrictUndefined, TemplateError, Undefined

BLANK: Final = "________"


class FormError(ValueError):
    """A form that is no Word document, or asks for something that no case can hold."""


class _Blank(Undefined):
    """What the case does not hold is left for the pen."""

    def __str__(self) -> str:
        return BLANK

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def filled(form: bytes, facts: Mapping[str, str]) -> bytes:
    """The form with the facts in their places, `vehicle.vin` by its field's name, and blanks for the rest.

    Raises FormError where the form cannot be filled at all.
    """
    return _rendered(form, facts, _Blank)


def check_form(form: bytes, fields: Mapping[str, str]) -> None:
    """Raises FormError where a form asks for something other than the fields."""
    _rendered(form, fields, StrictUndefined)


def _rendered(form: bytes, facts: Mapping[str, str], missing: type[Undefined]) -> bytes:
    # Only where a form is filled: reading Word documents takes long to load.
    from docxtpl import DocxTemplate

    context: dict[str, Any] = {}
    for field, text in facts.items():
        group, _, name = field.rpartition(".")
        (context.setdefault(group, {}) if group else context)[name] = text
    written = io.BytesIO()
    try:
        template = DocxTemplate(io.BytesIO(form))
        template.render(context, jinja_env=Environment(undefined=missing, autoescape=True))
        template.save(written)
    except TemplateError as error:
        raise FormError(str(error)) from None
    except (KeyError, ValueError, OSError, BadZipFile) as error:
        raise FormError(f"is no Word document ({type(error).__name__})") from None
    return written.getvalue()
