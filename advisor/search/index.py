"""The index: the words of each entry's names, of the questions that people ask for it, and of its passages, in files of the artefact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
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


class _AsGiven(Analyzer):
    """Takes words that are cut already, one a line."""

    def __call__(self, value: str, **options: object) -> Iterable[WhooshToken]:
        token = WhooshToken(positions=False, chars=False)
        token.boost, token.stopped = 1.0, False
        for text in value.split("\n"):
            token.text = text
            yield token


def _schema() -> Schema:
    # Neither positions nor texts: whole phrases are concepts, and a snippet is cut from the guide's own words.
    words = TEXT(analyzer=_AsGiven(), phrase=False, spelling=False)
    return Schema(entry=ID(stored=True), names=words, asked=words, body=words)


def build_index(entries: Iterable[Entry], lexicon: Lexicon, segment: Segmenter = pairs) -> dict[str, bytes]:
    """The files of an index over the entries, by their names, and of the axes that they lie along.

    Of each entry a document holds its names and what is asked, and one more each of its passages.
    """
    counted: dict[str, Counter[str]] = {}
    # Whoosh's storage in memory puts what it writes for a while into a folder that every process shares.
    with TemporaryDirectory() as folder:
        index = FileStorage(folder).create_index(_schema(), indexname=_NAME)
        # Packed, the index would be a quarter smaller and take twice as long to write and to read.
        writer = index.writer(limitmb=256, codec=W3Codec(compression=0))
        for entry in entries:
            names = list(named_words(entry, lexicon, segment))
            asked = [word for phrase in entry.asked for word in words_of(phrase, lexicon, segment)]
            passages = [list(words_of(passage, lexicon, segment)) for passage in passages_of(entry)]
            writer.add_document(entry=entry.id, names="\n".join(names), asked="\n".join(asked))
            for passage in passages:
                writer.add_document(entry=entry.id, body="\n".join(passage))
            counted[entry.id] = Counter(chain(*[names, asked] * _NAMED, *passages))
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
