"""The questionnaire: what is asked and in which order, going back, skipping, and answers that cannot be used."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from a_case import BARE, KNOWN, known, result, start
from flask import Flask
from flask.testing import FlaskClient
from html_tree import links, of_class, section, words
from visitor import Place, Visitor

from advisor.knowledge.model import Knowledge
from advisor.loading import Advisor

Typed = list[tuple[str, str]]

FIRST_PAGE = ["destination", "dates.application", "dates.shipment", "dates.arrival"]
ON = dt.date(2026, 3, 1)


def boxes(field: str, *texts: str, parts: tuple[str, ...] = ("year", "month", "day")) -> Typed:
    return [(f"{field}.{part}", text) for part, text in zip(parts, texts, strict=False)]


REPLIES: dict[str, Typed] = {
    "vehicle.first_registered": boxes("vehicle.first_registered", "2025", "10", "1"),
    "vehicle.history": [("vehicle.history", "none")],
    "exporter.filed": [("exporter.filed", "true")],
    "vehicle.engine_cc": [("vehicle.engine_cc", "0")],
    "vehicle.category": [("vehicle.category", "M1")],
    "vehicle.steering": [("vehicle.steering", "left")],
    "vehicle.special_use": [("vehicle.special_use", "none")],
}
SETTING_OUT: Typed = [("destination", "XA"), *boxes("dates.application", "2026", "3", "1")]


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


def walk(visitor: Visitor, lang: str) -> list[Place]:
    """Every page from the first to the result."""
    places = [visitor.open(f"/{lang}/advice")]
    places.append(visitor.send(places[-1], *SETTING_OUT))
    left = dict(REPLIES)
    while not places[-1].path.endswith("/result"):
        (field,) = places[-1].asked
        places.append(visitor.send(places[-1], *left.pop(field)))
    return places


def missing(advisor: Advisor, answers: dict[str, str]) -> tuple[str, ...]:
    return advisor.engine.advise(advisor.cases.read_pairs(answers.items(), ON)).missing


def chosen(place: Place) -> list[str]:
    return [box.get("value", "") for box in place.page.iter("input") if "checked" in box.attrib]


# What is asked


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_asks_for_the_destination_and_the_dates(visitor: Visitor, guide: Knowledge, lang: str) -> None:
    place = visitor.open(f"/{lang}/advice")
    assert place.asked == FIRST_PAGE
    assert [option.get("value") for option in place.page.iter("option")] == ["", *(one.code for one in guide.countries)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_question_is_the_one_that_decides_most_and_the_last_leads_to_the_result(
    visitor: Visitor, advisor: Advisor, lang: str
) -> None:
    _first, *asked, last = walk(visitor, lang)
    assert [place.asked for place in asked] == [[missing(advisor, place.answers)[0]] for place in asked]
    assert len(asked) == len({*REPLIES} - {"vehicle.special_use"})
    assert missing(advisor, last.answers) == ()
    assert last.path == f"/{lang}/advice/result"


def test_a_question_that_can_settle_a_prohibition_comes_before_one_that_only_adds_a_paper(visitor: Visitor) -> None:
    place = visitor.open(start(known(vehicle__steering="right", vehicle__category=None)))
    assert place.asked == ["vehicle.special_use"]


def test_what_cannot_change_the_answer_is_not_asked(visitor: Visitor) -> None:
    barred = known(exporter__filed="false", vehicle__steering=None, vehicle__category=None, vehicle__engine_cc=None)
    assert visitor.open(start(barred)).path == "/en/advice/result"
    asked = [place.asked[0] for place in walk(visitor, "en")[1:-1]]
    assert "vehicle.special_use" not in asked  # the exception matters only to a right-hand drive vehicle
    assert "vehicle.powertrain" not in asked  # petrol is barred from a later day on


def test_a_question_says_which_rules_wait_for_it(visitor: Visitor) -> None:
    (folded,) = of_class(visitor.open(start(BARE)).page, "asked__rules")
    assert list(links(folded).values()) == ["/en/rules/xa.age-limit", "/en/rules/cn.after-sales-letter"]


def test_the_way_still_to_go_is_told(visitor: Visitor) -> None:
    (progress,) = of_class(visitor.open(start(BARE)).page, "progress")
    assert words(progress) == "2 answered; at most 7 more questions can change the result"
    (progress,) = of_class(visitor.open(start(known(vehicle__steering=None))).page, "progress")
    assert words(progress) == "10 answered; at most 2 more questions can change the result"


def test_the_questions_of_a_destination_begin_with_it_chosen(visitor: Visitor) -> None:
    place = visitor.open("/en/advice?destination=XB&ask=destination")
    assert [option.get("value") for option in place.page.iter("option") if "selected" in option.attrib] == ["XB"]


# Where the answers are


def test_the_answers_stand_in_the_address_and_nowhere_else(visitor: Visitor) -> None:
    *_, last = walk(visitor, "en")
    given = {field: text for field, text in KNOWN.items() if field in {*REPLIES, *BARE}}
    assert last.answers == given


def test_a_shared_address_gives_a_colleague_the_same_result(visitor: Visitor, app: Flask) -> None:
    *_, last = walk(visitor, "en")
    colleague = Visitor(app.test_client()).open(last.url)
    assert words(colleague.page) == words(last.page)


def test_the_order_of_the_answers_does_not_matter(visitor: Visitor) -> None:
    backwards = dict(reversed(known().items()))
    assert words(visitor.open(result(backwards)).page.find(".//main")) == (
        words(visitor.open(result(known())).page.find(".//main"))
    )


# Skipping, going back, changing


def test_a_skipped_question_is_not_asked_again(visitor: Visitor) -> None:
    place = visitor.open(start(BARE))
    skipped: list[str] = []
    while not place.path.endswith("/result"):
        assert place.asked[0] not in skipped
        skipped.append(place.asked[0])
        place = visitor.skip(place)
    assert len(skipped) == 7
    assert place.answers == BARE
    assert place.skipped == skipped


def test_a_skipped_question_can_still_be_answered_from_the_result(visitor: Visitor) -> None:
    facts = known(exporter__filed=None)
    place = visitor.open(f"{result(facts)}&skip=exporter.filed")
    label = next(text for text in links(place.page) if text.startswith("Answer this"))
    asked = visitor.open(links(place.page)[label])
    assert asked.asked == ["exporter.filed"]
    after = visitor.send(asked, ("exporter.filed", "true"))
    assert (after.path, after.skipped) == ("/en/advice/result", [])


def test_the_way_back_leads_to_the_question_before_with_its_answer(visitor: Visitor) -> None:
    _, *asked, _last = walk(visitor, "en")
    for before, after in itertools.pairwise(asked):
        back = visitor.open(links(after.page)["Previous question"])
        assert back.asked == before.asked
    again = visitor.open(links(asked[-1].page)["Previous question"])
    assert visitor.send(again, *REPLIES[again.asked[0]]).answers == asked[-1].answers


def test_the_way_back_from_the_first_question_leads_to_the_first_page(visitor: Visitor) -> None:
    place = visitor.open(links(visitor.open(start(BARE)).page)["Previous question"])
    assert place.asked == FIRST_PAGE
    typed = {box.get("name"): box.get("value") for box in place.page.iter("input") if box.get("type") != "hidden"}
    assert [typed[f"dates.application.{part}"] for part in ("year", "month", "day")] == ["2026", "03", "01"]
    assert typed["dates.shipment.year"] == ""


def test_the_way_back_from_an_answer_to_change_leads_to_the_one_given_before_it(visitor: Visitor) -> None:
    place = visitor.open(start(known(), ask="vehicle.steering"))
    assert visitor.open(links(place.page)["Previous question"]).asked == ["vehicle.history"]


@pytest.mark.parametrize("field", ["vehicle.steering", "vehicle.history", "vehicle.category", "exporter.filed"])
def test_any_answer_can_be_changed_from_the_result(visitor: Visitor, guide: Knowledge, field: str) -> None:
    label = next(question.label.en for question in guide.questions if question.field == field)
    place = visitor.open(links(section(visitor.open(result(known())).page, "case"))[f"Change : {label}"])
    assert place.asked == [field]
    assert chosen(place) == [KNOWN[field]]
    new = {
        "vehicle.steering": "right",
        "vehicle.history": "stolen",
        "vehicle.category": "N1",
        "exporter.filed": "false",
    }
    assert visitor.send(place, (field, new[field])).answers == {**KNOWN, field: new[field]}


def test_every_answer_given_so_far_can_be_changed(visitor: Visitor, guide: Knowledge) -> None:
    place = visitor.open(start(known(vehicle__steering=None)))
    rows = [row for row in links(section(place.page, "answers")) if row.startswith("Change : ")]
    labels = {question.field: question.label.en for question in guide.questions}
    assert rows == [f"Change : {labels[field]}" for field in KNOWN if field != "vehicle.steering"]
    assert "See the result so far" in links(place.page)


def test_the_result_so_far_is_there_at_any_time(visitor: Visitor) -> None:
    place = visitor.open(links(visitor.open(start(BARE)).page)["See the result so far"])
    assert (place.path, place.answers) == ("/en/advice/result", BARE)


# Dates and papers


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (("2024", "5", "7"), "2024-05-07"),
        (("2024", "5", ""), "2024-05"),
        (("2024", "", ""), "2024"),
        (("２０２４", "５", "７"), "2024-05-07"),
        ((" 2024 ", "05", "07 "), "2024-05-07"),
    ],
)
def test_a_date_is_taken_as_far_as_it_is_known(visitor: Visitor, typed: tuple[str, ...], text: str) -> None:
    place = visitor.send(visitor.open(start(BARE)), *boxes("vehicle.first_registered", *typed))
    assert place.answers["vehicle.first_registered"] == text


def test_a_date_in_part_that_leaves_it_open_is_asked_for_again(visitor: Visitor) -> None:
    others = known(vehicle__first_registered=None)
    again = visitor.send(visitor.open(start(others)), *boxes("vehicle.first_registered", "2025"))
    assert again.asked == ["vehicle.first_registered"]
    assert "What you gave so far leaves it open." in words(again.page)
    kept = visitor.send(again, *boxes("vehicle.first_registered", "2025"), ("skip", "vehicle.first_registered"))
    assert kept.path == "/en/advice/result"
    assert kept.answers == {**others, "vehicle.first_registered": "2025"}


def test_only_the_papers_that_the_case_needs_can_be_ticked(visitor: Visitor) -> None:
    place = visitor.open(links(visitor.open(result(known())).page)["Mark the documents that you have"])
    offered = [box.get("value") for box in place.page.iter("input") if box.get("type") == "checkbox"]
    assert sorted(map(str, offered)) == ["after-sales-letter", "deregistration-proof", "none", "xa-inspection"]
    ticked = visitor.send(place, ("documents_held", "after-sales-letter"), ("documents_held", "xa-inspection"))
    assert ticked.answers["documents_held"] == "after-sales-letter,xa-inspection"


# Answers that cannot be used: field, what is typed, what is said in English and in Chinese, the box that is marked

FIRST = "vehicle.first_registered"
MONEY = ("amount", "currency", "terms")
UNUSABLE: dict[str, tuple[str, Typed, str, str, str]] = {
    "nothing chosen": (
        "vehicle.steering", [], "choose an answer.", "请选一个答案。", "vehicle-steering-left",
    ),
    "not offered": (
        "vehicle.steering", [("vehicle.steering", "up")],
        "choose one of the answers listed.", "请从列出的答案中选一个。", "vehicle-steering-left",
    ),
    "neither yes nor no": (
        "exporter.filed", [("exporter.filed", "perhaps")],
        "choose yes or no.", "请选“是”或“否”。", "exporter-filed-true",
    ),
    "none and something": (
        "vehicle.history", [("vehicle.history", "none"), ("vehicle.history", "stolen")],
        "“None of these” cannot go together with another answer.", "“以上都没有”不能和其他答案同时选。", "vehicle-history-",
    ),
    "no date": (
        FIRST, boxes(FIRST, "", "", ""),
        "give at least the year, in four digits.", "至少填年份，四位数字。", "vehicle-first-registered-year",
    ),
    "a short year": (
        FIRST, boxes(FIRST, "25", "1", "1"),
        "give the year in four digits, such as 2019.", "年份填四位数字，例如2019。", "vehicle-first-registered-year",
    ),
    "a day without a month": (
        FIRST, boxes(FIRST, "2025", "", "3"),
        "give the month as well, or leave the day empty.", "填了日就要填月，或者把日留空。", "vehicle-first-registered-month",
    ),
    "a thirteenth month": (
        FIRST, boxes(FIRST, "2025", "13", ""),
        "the month is a number from 1 to 12.", "月份是1到12的数字。", "vehicle-first-registered-month",
    ),
    "a day that the month lacks": (
        FIRST, boxes(FIRST, "2025", "2", "29"),
        "the day is a number from 1 to 28 in that month.", "这个月的日期是1到28的数字。", "vehicle-first-registered-day",
    ),
    "long ago": (
        FIRST, boxes(FIRST, "1989", "12", "31"),
        "the year lies between 1990 and 2100.", "年份须在1990到2100之间。", "vehicle-first-registered-year",
    ),
    "not a number": (
        "vehicle.engine_cc", [("vehicle.engine_cc", "large")],
        "write a number in digits, without other signs.", "只填数字，不带其他符号。", "vehicle-engine-cc",
    ),
    "a negative number": (
        "vehicle.engine_cc", [("vehicle.engine_cc", "-1")],
        "the number must be 0 or more.", "数字不能小于0。", "vehicle-engine-cc",
    ),
    "a malformed text": (
        "vehicle.vin", [("vehicle.vin", "123")],
        "this does not look right; it looks like LC0CE4CB1N0000000.", "格式不对，应当像LC0CE4CB1N0000000这样。", "vehicle-vin",
    ),
    "a price without a currency": (
        "vehicle.price", boxes("vehicle.price", "18000", "", "CIF", parts=MONEY),
        "give the currency by its three letters, such as USD.", "币种填三个字母的代码，例如USD。", "vehicle-price-currency",
    ),
    "a price in words": (
        "vehicle.price", boxes("vehicle.price", "much", "USD", "CIF", parts=MONEY),
        "write the amount in digits.", "金额用数字填写。", "vehicle-price-amount",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", UNUSABLE)
def test_an_answer_that_cannot_be_used_is_marked_and_explained_once(
    visitor: Visitor, guide: Knowledge, lang: str, name: str
) -> None:
    field, typed, english, chinese, marked = UNUSABLE[name]
    place = visitor.send(visitor.open(start(BARE, lang, ask=field)), *typed)
    question = next(question for question in guide.questions if question.field == field)
    message = f"{question.label.en}: {english}" if lang == "en" else f"{question.label.zh}：{chinese}"
    assert place.status == 400
    assert place.asked == [field]
    (summary,) = of_class(place.page, "error-summary")
    (item,) = summary.iter("li")
    assert words(item) == message
    assert summary.get("role") == "alert"
    assert words(place.page.find(".//title")).startswith({"en": "Error:", "zh": "有误："}[lang])
    assert_marked(place, links(item)[message].removeprefix("#"), marked, message)


def assert_marked(place: Place, target: str, marked: str, message: str) -> None:
    """The link of the summary leads to a field that is invalid and described by the message."""
    parents = {child: parent for parent in place.page.iter() for child in parent}
    field = place.page.find(f".//*[@id='{target}']")
    assert field is not None
    assert target.startswith(marked)
    assert field.get("aria-invalid") == "true"
    described: set[str] = set()
    around = field
    while around is not None:
        described |= set(around.get("aria-describedby", "").split())
        around = parents.get(around)
    said = [words(place.page.find(f".//*[@id='{name}']")) for name in described]
    assert [text for text in said if text.endswith(message)] != []


def test_what_was_typed_stays_to_be_mended(visitor: Visitor) -> None:
    place = visitor.send(visitor.open(start(BARE, ask=FIRST)), *boxes(FIRST, "2025", "13", "4"))
    typed = [box.get("value") for box in place.page.iter("input") if (box.get("name") or "").startswith(f"{FIRST}.")]
    assert typed == ["2025", "13", "04"]
    mended = visitor.send(place, *boxes(FIRST, "2025", "12", "4"))
    assert (mended.status, mended.answers[FIRST]) == (200, "2025-12-04")


def test_a_number_over_its_limit_is_told_the_limit(visitor: Visitor, guide: Knowledge) -> None:
    limit = next(question.at_most for question in guide.questions if question.field == "vehicle.engine_cc")
    assert limit is not None
    place = visitor.send(visitor.open(start(BARE, ask="vehicle.engine_cc")), ("vehicle.engine_cc", str(limit + 1)))
    assert f"at most {limit:,} cc" in words(of_class(place.page, "error-summary")[0])
    assert visitor.send(place, ("vehicle.engine_cc", str(limit))).status == 200


def test_dates_that_contradict_each_other_name_both(visitor: Visitor) -> None:
    place = visitor.open(start({**BARE, "dates.shipment": "2026-04-10", "dates.arrival": "2026-04-09"}))
    assert place.status == 400
    (item,) = of_class(place.page, "error-summary")[0].iter("li")
    assert words(item) == (
        "Arrival date (9 April 2026) lies before Shipment date (10 April 2026); one of the two is wrong."
    )


def test_the_first_page_cannot_do_without_a_destination(visitor: Visitor) -> None:
    place = visitor.send(visitor.open("/en/advice"), ("destination", ""), *boxes("dates.application", "2026", "3", "1"))
    assert place.status == 400
    assert place.asked == FIRST_PAGE
    assert words(of_class(place.page, "error-summary")[0]).endswith("Destination: choose an answer.")


def test_everything_wrong_with_an_address_is_said_at_once(visitor: Visitor) -> None:
    place = visitor.open(result({**BARE, "vehicle.steering": "up", "vehicle.engine_cc": "-5", "colour": "red"}))
    assert place.status == 400
    said = [words(item) for item in of_class(place.page, "error-summary")[0].iter("li")]
    assert sorted(said) == [
        "Engine displacement: the number must be 0 or more.",
        "Steering wheel: choose one of the answers listed.",
        "“colour” is not a question of this guide.",
    ]
    assert place.asked == ["vehicle.steering", "vehicle.engine_cc"]


def test_the_other_answers_stand_in_words_beside_a_refusal(visitor: Visitor) -> None:
    answers = section(visitor.open(start({**BARE, "exporter.filed": "true", "vehicle.steering": "up"})).page, "answers")
    assert [words(row.find("dd")) for row in answers.iterfind(".//dl/div")] == ["Alphaland", "1 March 2026", "yes"]


def test_an_address_with_a_question_that_nobody_asks_can_go_on_without_it(visitor: Visitor) -> None:
    place = visitor.open(start({**KNOWN, "colour": "red"}))
    assert place.status == 400
    onward = visitor.open(links(place.page)["Go on without it"])
    assert (onward.path, onward.answers) == ("/en/advice/result", KNOWN)
