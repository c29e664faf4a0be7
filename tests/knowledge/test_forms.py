"""Blanks of documents are filled with what a case holds; the rest is left for the pen."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import pytest
import small_guide

from advisor.knowledge.checking import check
from advisor.knowledge.forms import BLANK, FormError, check_form, filled
from advisor.knowledge.reading import read_content


def form(text: str) -> bytes:
    written = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(written)
    return written.getvalue()


def text_of(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def test_facts_stand_in_their_places_and_the_rest_is_blank() -> None:
    written = filled(
        form("VIN {{ vehicle.vin }}, to {{ destination }}, built {{ vehicle.manufactured }}"),
        {"vehicle.vin": "L1", "destination": "Alphaland"},
    )
    assert text_of(written) == f"VIN L1, to Alphaland, built {BLANK}"


def test_without_a_case_everything_is_blank() -> None:
    assert text_of(filled(form("{{ vehicle.vin }} {{ dates.application }}"), {})) == f"{BLANK} {BLANK}"


def test_what_a_fact_holds_is_text_and_no_markup() -> None:
    assert (
        text_of(filled(form("{{ vehicle.make }}"), {"vehicle.make": "<w:b/> & {{ 7 * 7 }}"})) == "<w:b/> & {{ 7 * 7 }}"
    )


@pytest.mark.parametrize("broken", [b"no zip", form("{{ vehicle.vin"), form("{{ vehicle.height }}")])
def test_a_form_that_cannot_be_filled_is_an_error(broken: bytes) -> None:
    with pytest.raises(FormError):
        check_form(broken, {"vehicle.vin": "vehicle.vin"})


def test_the_check_names_a_form_without_document_without_its_other_language_or_with_a_strange_field(
    tmp_path: Path,
) -> None:
    small_guide.write_small_guide(tmp_path)
    forms = tmp_path / "content/forms"
    (forms / "letter.zh.docx").write_bytes(form("{{ vehicle.height }}"))
    messages = [
        str(problem) for problem in check(read_content(tmp_path), dt.date(2026, 11, 25)) if "forms" in problem.file
    ]
    assert [message.split(": ", 1)[1] for message in sorted(messages)] == [
        "the form cannot be filled: 'dict object' has no attribute 'height'",
        "the form is missing in 'en'",
        "there is no document 'letter'",
    ]
