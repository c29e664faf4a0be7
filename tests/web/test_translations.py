"""The Chinese of the pages: every message has its words, and the words hold what the message holds."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from advisor.paths import content_root

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%(?!\()")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = content_root() / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(path.read_bytes()), locale="zh_Hans_CN", abort_invalid=True)


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Every message in the templates and modules, found as translations/babel.cfg says."""
    root = content_root()
    with (root / "translations" / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(root, methods, options, keywords={**DEFAULT_KEYWORDS, "_": None}, directory_filter=inside)
    return {singular(message) for _, _, message, _, _ in found}


def inside(directory: str) -> bool:
    """Whether a folder can hold messages; the rest of the checkout is large."""
    return not re.search(r"/(\.[^/]+|build|dist|countries|content|docs|tests|benchmarks)$", directory)


def singular(message: object) -> str:
    return str(message[0] if isinstance(message, list | tuple) else message)


def fullest(message: object) -> str:
    """A message in the form that names the number, where it has two."""
    return str(message[-1] if isinstance(message, list | tuple) else message)


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_no_message_lacks_its_chinese(catalogue: Catalog, written: set[str]) -> None:
    assert len(written) > 200
    assert written - {singular(message.id) for message in entries(catalogue)} == set()


def test_no_chinese_is_left_of_a_message_that_is_gone(catalogue: Catalog, written: set[str]) -> None:
    assert {singular(message.id) for message in entries(catalogue)} - written == set()
    assert list(catalogue.obsolete) == []


def test_no_chinese_is_empty_or_uncertain(catalogue: Catalog) -> None:
    assert [message.id for message in entries(catalogue) if not all(texts(message)) or message.fuzzy] == []


def test_the_chinese_of_a_sentence_is_chinese(catalogue: Catalog) -> None:
    sentences = [
        message
        for message in entries(catalogue)
        if re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", singular(message.id)))
    ]
    assert [message.id for message in sentences if not re.search(r"[\u4e00-\u9fff]", "".join(texts(message)))] == []


def test_both_languages_hold_the_same_placeholders(catalogue: Catalog) -> None:
    different = {
        singular(message.id): text
        for message in entries(catalogue)
        for text in texts(message)
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(fullest(message.id)))
    }
    assert different == {}
