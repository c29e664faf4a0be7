"""The index: the words of each entry's names, of the questions that people ask for it, and of its passages, in files of the artefact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import FileIndex

from advisor.search.analysis import Segmenter, document_numbers, fold, pairs, tokens
from advisor.search.entries import Entry
from advisor.search.latent import LATENT, axes_of
from advisor.search.lexicon import Lexicon

_NAME: Final = "search"
# The table of contents and the segment; what else lies there is a lock.
_SUFFIXES: Final = (".toc", ".seg")
# A word among its names says as much of what an entry is about as three in its body.
_NAMED: Final = 3


class _Counted(TEXT):
    """A field of words that are cut and counted already."""

    def index(self, value: Mapping[str, int], **options: object) -> Iterable[tuple[bytes, int, float, bytes]]:
        return [(word.encode(), times, float(times), b"") for word, times in value.items()]


def _schema() -> Schema:
    # Neither positions nor texts: whole phrases are concepts, and a snippet is cut from the guide's own words.
    words = _Counted(phrase=False, spelling=False)
    return Schema(entry=ID(stored=True), names=words, asked=words, body=words)


def build_index(entries: Iterable[Entry], lexicon: Lexicon, segment: Segmenter = pairs) -> dict[str, bytes]:
    """The files of an index over the entries, by their names, and of the axes that they lie along.

    Of each entry a document holds its names and what is asked, and one more each of its passages.
    """
    counted: dict[str, Counter[str]] = {}
    # Whoosh's storage in memory puts what it writes for a while into a folder that every process shares.
    with TemporaryDirectory() as folder:
        index = FileStorage(folder).create_index(_schema(), indexname=_NAME)
        # Packed, the index would be a quarter smaller, and take half as long again to write and twice as long to read.
        writer = index.writer(limitmb=256, codec=W3Codec(compression=0))
        for entry in entries:
            names = Counter(named_words(entry, lexicon, segment))
            asked = Counter(word for phrase in entry.asked for word in words_of(phrase, lexicon, segment))
            writer.add_document(entry=entry.id, names=names, asked=asked)
            counted[entry.id] = Counter({word: _NAMED * times for word, times in (names + asked).items()})
            for passage in passages_of(entry):
                words = Counter(words_of(passage, lexicon, segment))
                writer.add_document(entry=entry.id, body=words)
                counted[entry.id].update(words)
        writer.commit(optimize=True)
        index.close()
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.suffix in _SUFFIXES}
    return {**files, LATENT: axes_of(counted)}


def open_index(files: Mapping[str, bytes]) -> FileIndex:
    """The index in its files."""
    storage = RamStorage()
    storage.files.update({name: file for name, file in files.items() if Path(name).suffix in _SUFFIXES})
    return storage.open_index(indexname=_NAME)


def passages_of(entry: Entry) -> tuple[str, ...]:
    """What is weighed of an entry, part by part: its passages, or all that it says."""
    return entry.passages or ("\n".join((entry.body.zh, entry.body.en, *entry.about)),)


def named_words(entry: Entry, lexicon: Lexicon, segment: Segmenter = pairs) -> Iterable[str]:
    """The words of what an entry is called."""
    for name in (entry.title.zh, entry.title.en, *entry.also):
        yield from words_of(name, lexicon, segment)
        yield from (token.text for token in document_numbers(fold(name)))


def words_of(text: str, lexicon: Lexicon, segment: Segmenter = pairs) -> Iterable[str]:
    """The words of a text and the concepts in it."""
    folded = fold(text)
    yield from (token.text for token in tokens(folded, segment))
    yield from (token.text for token in lexicon.concepts(folded))
