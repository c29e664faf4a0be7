"""The check of a licence application in the browser: a form, a table, words in both languages."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from html_tree import tree, words

LETTER, PROOF = "after-sales-letter", "deregistration-proof"
VIN = "LZZ1BLMJ4TJ465057"
ROW = {
    f"{LETTER}.make": "BYD",
    f"{LETTER}.vin": VIN,
    f"{LETTER}.registered": "2025-09-01",
    f"{PROOF}.make": "BYD",
    f"{PROOF}.vin": VIN,
    f"{PROOF}.registered": "2025-09-01",
}


def sent(client: FlaskClient, lang: str = "en", **fields: object) -> str:
    answer = client.post(f"/{lang}/licence-check", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 200
    return words(tree(answer.text))


def csv_of(*rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> tuple[io.BytesIO, str]:
    lines = [delimiter.join(ROW), *(delimiter.join(row[name] for name in ROW) for row in rows)]
    return io.BytesIO("\n".join(lines).encode(encoding)), "vehicles.csv"


def test_the_form_names_what_differs_with_both_values_and_the_rule(client: FlaskClient) -> None:
    shown = sent(client, **{**ROW, f"{LETTER}.make": "BYD Auto"})
    assert "1 of 1 vehicles have something to mend." in shown
    assert "Make: the papers differ." in shown
    assert "BYD Auto" in shown
    assert "No stolen vehicle" in shown or "stolen" in shown


@pytest.mark.parametrize(("lang", "said"), [("en", "nothing found"), ("zh", "没有发现问题")])
def test_what_agrees_has_nothing_to_mend(client: FlaskClient, lang: str, said: str) -> None:
    assert said in sent(client, lang, **ROW)


def test_what_was_typed_stays_in_the_form(client: FlaskClient) -> None:
    answer = client.post("/en/licence-check", data={f"{LETTER}.make": "Geely <b>"})
    values = [field.get("value") for field in tree(answer.text).iter("input")]
    assert "Geely <b>" in values


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ";"), ("utf-8", "\t")])
def test_a_table_is_read_as_spreadsheets_save_it(client: FlaskClient, encoding: str, delimiter: str) -> None:
    other = {**ROW, f"{LETTER}.vin": "LZZ1BLMJ2TJ465056", f"{PROOF}.vin": "LZZ1BLMJ2TJ465056", f"{PROOF}.make": "吉利"}
    shown = sent(client, table=csv_of(ROW, other, encoding=encoding, delimiter=delimiter))
    assert "1 of 2 vehicles have something to mend." in shown
    assert "吉利" in shown


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (csv_of(), "The table has no vehicle."),
        (csv_of(ROW, ROW, ROW), "The table has 3 vehicles; one licence holds at most 2. Split it."),
        ((io.BytesIO(b"colour\nred"), "t.csv"), "“colour” is not a heading of the table."),
        ((io.BytesIO(b"\x89PNG\r\n\xff\xff\xff\x80"), "t.png"), "The file is no text."),
    ],
)
def test_a_table_that_cannot_be_read_says_what_is_wrong(
    client: FlaskClient, table: tuple[io.BytesIO, str], said: str
) -> None:
    data, name = table
    assert said in sent(client, table=(io.BytesIO(data.getvalue()), name))


def test_nothing_filled_in_says_so(client: FlaskClient) -> None:
    assert "Nothing was filled in." in sent(client)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_empty_table_can_be_filled_and_sent_back(client: FlaskClient, lang: str) -> None:
    empty = client.get(f"/{lang}/licence-check/table.csv")
    assert empty.headers["Content-Type"].startswith("text/csv")
    heading = empty.data.decode("utf-8-sig").strip()
    filled = f"{heading}\n{','.join(ROW.values())}".encode("utf-8-sig")
    shown = sent(client, lang, table=(io.BytesIO(filled), "vehicles.csv"))
    assert ("nothing found" if lang == "en" else "没有发现问题") in shown
