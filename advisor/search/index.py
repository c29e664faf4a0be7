"""The index: the words of each entry's names, of the questions that people ask for it, and of its passages, in files of the artefact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from advisor.search.lexicon import Lexicon

_NAME: Final = "search"
# The table of contents and the segment; what else lies there is a lock.
_SUFFIXES: Final = (".toc", ".seg")


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
    """The files of an index over the entries, by their names.

    Of each entry a document holds its names and what is asked, and one more each of its passages.
    """
    # Whoosh's storage in memory puts what it writes for a while into a folder that every process shares.
    with TemporaryDirectory() as folder:
        index = FileStorage(folder).create_index(_schema(), indexname=_NAME)
        # Packed, the index would be a quarter smaller and take twice as long to write and to read.
        writer = index.writer(limitmb=256, codec=W3Codec(compression=0))
        for entry in entries:
            names = "\n".join(named_words(entry, lexicon, segment))
            asked = "\n".join(word for phrase in entry.asked for word in words_of(phrase, lexicon, segment))
            writer.add_document(entry=entry.id, names=names, asked=asked)
            for passage in entry.passages or ("\n".join((entry.body.zh, entry.body.en, *entry.about)),):
                writer.add_document(entry=entry.id, body="\n".join(words_of(passage, lexicon, segment)))
        writer.commit(optimize=True)
        index.close()
        return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.suffix in _SUFFIXES}


def open_index(files: Mapping[str, bytes]) -> FileIndex:
    """The index in its files."""
    storage = RamStorage()
    storage.files.update(files)
    return storage.open_index(indexname=_NAME)


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
