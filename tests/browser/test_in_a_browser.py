"""The pages in a real Chromium on a phone's screen: keyboard, screen readers, notes of sources, colours, paper.

Needs a Chromium on the PATH; without one the whole module is skipped.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import rich_guide
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress import create_server

from advisor.knowledge.compiling import build
from advisor.knowledge.store import Store
from advisor.loading import Advisor
from advisor.web import create_app

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH"),
    pytest.mark.xdist_group("browser"),
]

TIMEOUT = 15_000
expect.set_options(timeout=TIMEOUT)

PHONE = {"width": 360, "height": 740}
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BARE = "destination=XA&dates.application=2026-03-01"
KNOWN = (
    f"{BARE}&dates.shipment=2026-03-20&dates.arrival=2026-04-10&vehicle.category=M1&vehicle.powertrain=bev"
    "&vehicle.first_registered=2025-10-01&vehicle.history=none&vehicle.steering=left&vehicle.engine_cc=0"
    "&exporter.filed=true"
)

# One address for each kind of page.
KINDS = {
    "home": "",
    "destinations": "countries",
    "destination": "countries/xb",
    "section": "countries/xa/market",
    "rule": "rules/xa.age-limit",
    "policies": "policies",
    "policy": "policies/sample-2025-1",
    "glossary": "glossary",
    "sources": "sources",
    "first question": "advice",
    "date": f"advice?{BARE}",
    "choice": f"advice?{BARE}&ask=vehicle.category",
    "several choices": f"advice?{BARE}&ask=vehicle.history",
    "number": f"advice?{BARE}&ask=vehicle.engine_cc",
    "price": f"advice?{BARE}&ask=vehicle.price",
    "refusal": f"advice?{BARE}&vehicle.steering=up&vehicle.engine_cc=-1&vehicle.first_registered=2025-13",
    "result": f"advice/result?{KNOWN}",
    "open result": f"advice/result?{BARE}",
    "nothing there": "countries/qq",
}
REFUSED = {"refusal": 400, "nothing there": 404}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The guide, served as `advisor serve` does."""
    root: Path = tmp_path_factory.mktemp("guide")
    rich_guide.read_rich_guide(root)
    with pytest.MonkeyPatch.context() as patch:
        # An editor would refuse the script that stands in this guide's text.
        patch.setattr("advisor.knowledge.compiling.check", lambda content, on: [])
        store = Store(build(root, root / "out"), Advisor.of)
    server = create_server(create_app(store), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(server.close)
    thread.join()


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Desk:
    """The one page of the browser, and what went wrong unseen: errors, refusals by the policy, requests elsewhere."""

    page: Page
    complaints: list[str]

    @contextmanager
    def watched(self) -> Iterator[Page]:
        """The page as it is when it is new, with nothing going wrong until it is given back."""
        self.complaints.clear()
        self.page.emulate_media(media="screen", color_scheme="light")
        yield self.page
        # The status of a page that is refused on purpose is an error to the browser.
        assert [text for text in self.complaints if "responded with a status of 4" not in text] == []


@pytest.fixture(scope="module")
def desk(browser: Browser, site: str) -> Iterator[Desk]:
    said: list[str] = []
    with browser.new_context(base_url=site, viewport=PHONE) as context:
        context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("request", lambda request: said.append(request.url) if not request.url.startswith(site) else None)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        yield Desk(page, said)


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with desk.watched() as page:
        yield page


def visit(page: Page, kind: str, lang: str) -> None:
    response = page.goto(f"/{lang}/{KINDS[kind]}")
    assert response is not None
    assert response.status == REFUSED.get(kind, 200)


def query(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


# Every kind of page


@dataclass(frozen=True)
class Seen:
    """What a look at a page found: how wide it is, and what axe says against it."""

    width: int
    faults: list[str]


@pytest.fixture(scope="module", params=[("zh", "light"), ("en", "dark")], ids=" ".join)
def tour(request: pytest.FixtureRequest, desk: Desk) -> dict[str, Seen]:
    """A look at every kind of page, in one language and one scheme of colours."""
    lang, scheme = request.param
    with desk.watched() as page:
        page.emulate_media(color_scheme=scheme)
        return {kind: look(page, kind, lang) for kind in KINDS}


def look(page: Page, kind: str, lang: str) -> Seen:
    visit(page, kind, lang)
    faults = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    return Seen(page.evaluate("document.scrollingElement.scrollWidth"), faults)


def test_no_page_is_wider_than_a_phone(tour: dict[str, Seen]) -> None:
    assert {kind: seen.width for kind, seen in tour.items() if seen.width > PHONE["width"]} == {}


def test_axe_finds_nothing_serious(tour: dict[str, Seen]) -> None:
    assert {kind: seen.faults for kind, seen in tour.items() if seen.faults} == {}


def test_dark_pages_are_dark(page: Page) -> None:
    def brightness() -> int:
        return int(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"))

    page.emulate_media(color_scheme="light")
    visit(page, "result", "zh")
    light = brightness()
    page.emulate_media(color_scheme="dark")
    assert light > 200
    assert brightness() < 60


# The questionnaire, with the keyboard alone


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something is focused, and visibly so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"the keyboard does not reach {selector} on {page.url}")


def type_date(page: Page, field: str, *parts: str) -> None:
    for part, text in zip(("year", "month", "day"), parts, strict=True):
        tab_to(page, f"[name='{field}.{part}']")
        page.keyboard.type(text)


def choose(page: Page, field: str, *keys: str) -> None:
    """Go to a group of radio buttons or boxes, press keys there, and send the form with its button."""
    tab_to(page, f"[name='{field}']")
    for key in keys:
        page.keyboard.press(key)
    tab_to(page, "form.form .button:not([name])")
    page.keyboard.press("Enter")


def press_through(page: Page, field: str) -> None:
    """Answer one question."""
    match field:
        case "vehicle.first_registered":
            type_date(page, field, "2025", "10", "1")
            page.keyboard.press("Enter")
        case "vehicle.history":
            tab_to(page, f"[name='{field}'][value='none']")
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
        case "vehicle.engine_cc":
            tab_to(page, f"[name='{field}']")
            page.keyboard.type("0")
            page.keyboard.press("Enter")
        case "vehicle.category":
            choose(page, field, "Space")
        case "vehicle.steering":
            choose(page, field, "ArrowDown", "ArrowUp")
        case _:
            choose(page, field, "Space")


@pytest.mark.parametrize(("lang", "word"), [("zh", "有条件可以出口"), ("en", "Conditional")])
def test_the_keyboard_alone_leads_from_the_first_question_to_the_result(page: Page, lang: str, word: str) -> None:
    page.goto(f"/{lang}/advice")
    tab_to(page, "select[name=destination]")
    page.keyboard.press("ArrowDown")
    type_date(page, "dates.application", "2026", "3", "1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked: list[str] = []
    while (field := page.locator("input[name=asked]")).count():
        asked.append(str(field.get_attribute("value")))
        assert len(asked) == len(set(asked)), asked
        with page.expect_navigation():
            press_through(page, asked[-1])
    assert urlsplit(page.url).path == f"/{lang}/advice/result"
    assert dict(query(page)) == {
        "destination": "XA",
        "dates.application": "2026-03-01",
        "vehicle.first_registered": "2025-10-01",
        "vehicle.history": "none",
        "exporter.filed": "true",
        "vehicle.engine_cc": "0",
        "vehicle.category": "M1",
        "vehicle.steering": "left",
    }
    expect(page.locator(".verdict__word")).to_have_text(word)
    box = page.locator(".verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]  # the verdict is seen without scrolling


def test_a_question_can_be_skipped_with_the_keyboard(page: Page) -> None:
    visit(page, "date", "en")
    tab_to(page, "button[name=skip]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "skip=vehicle.first_registered" in url)


def test_the_first_tab_leads_past_the_navigation(page: Page) -> None:
    visit(page, "section", "zh")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_refusal_is_focused_and_leads_to_what_is_to_be_mended(page: Page) -> None:
    visit(page, "date", "en")
    type_date(page, "vehicle.first_registered", "2025", "13", "1")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name='vehicle.first_registered.month']")).to_be_focused()


def test_none_of_these_and_the_others_exclude_each_other(page: Page) -> None:
    visit(page, "several choices", "en")
    none, stolen = (page.locator(f"[name='vehicle.history'][value='{name}']") for name in ("none", "stolen"))
    none.check()
    stolen.check()
    expect(none).not_to_be_checked()
    none.check()
    expect(stolen).not_to_be_checked()


# The notes of sources


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
@pytest.mark.parametrize("kind", ["section", "result"])
def test_a_source_opens_in_place_and_closes_again(page: Page, kind: str, way: str) -> None:
    visit(page, kind, "zh")
    number = page.locator("button.cite:visible").first
    note = page.locator(f"#{number.get_attribute('popovertarget')}")
    expect(note).to_be_hidden()
    number.scroll_into_view_if_needed()
    if way == "click":
        number.click()
    else:
        number.focus()
        page.keyboard.press(way)
    before = page.evaluate("scrollY")
    expect(note).to_be_visible()
    expect(note.locator("a")).to_have_attribute(
        "href", "https://example.org/notice" if kind == "result" else "https://example.org/regulations"
    )
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(number).to_be_focused()
    assert page.evaluate("scrollY") == before


# The other language


@pytest.mark.parametrize("kind", ["date", "result", "refusal"])
def test_the_language_switch_keeps_the_answers(page: Page, kind: str) -> None:
    visit(page, kind, "zh")
    answers = query(page)
    page.locator(".header__lang").click()
    page.wait_for_url("**/en/**")
    assert query(page) == answers
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".header__lang").click()
    page.wait_for_url("**/zh/**")
    assert query(page) == answers


# Paper, and what a script adds


def test_paper_shows_what_is_folded_and_nothing_to_press(page: Page) -> None:
    visit(page, "result", "zh")
    folded = page.locator("details.further .rule__title")
    assert folded.count() > 0
    expect(folded.first).to_be_hidden()
    page.emulate_media(media="print")
    for rule in folded.all():
        expect(rule).to_be_visible()
    for seen in (".verdict__word", ".verdict__why", ".result__facts", ".references"):
        expect(page.locator(seen)).to_be_visible()
    for pressed in (".button", ".header__nav", ".header__lang", ".crumbs", ".summary-list__action"):
        for element in page.locator(pressed).all():
            expect(element).to_be_hidden()


def test_the_result_can_be_printed_and_its_link_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, "result", "en")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_questionnaire_works_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/en/advice")
        page.locator("select[name=destination]").select_option("XA")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("When was the vehicle first registered?")
