"""Real articles for measurements, as many as are asked for.

CORPUS is a folder, or a .tar.gz of one, of Markdown files with front matter, or JSON lines of
{"id", "title", "text"}. A library larger than the corpus is made of its parts: each article is cut
at its headings, and a further article takes the title and the length of a real one, a heading and
whole sections from articles of the same folder. So every sentence is real and stands in its
paragraph; only the number of different words grows more slowly than in a library of that size.
"""

import random
import re
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from portal.search.index import Document
from portal.search.trials import rows_of

SEED = 4
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*#*$", re.MULTILINE)
_MARKS = re.compile(r"`{3,}\w*|[`*_|>#\\]|!?\[|\]\([^)\s]*\)|:::\S*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPACES = re.compile(r"[ \t]*\n\s*|[ \t]+")


@dataclass(frozen=True)
class Section:
    """What stands under a heading; the beginning of an article has none."""

    heading: str
    text: str


@dataclass(frozen=True)
class RealArticle:
    """An article as its publisher keeps it, without the marks of Markdown."""

    folder: str
    title: str
    summary: str
    sections: tuple[Section, ...]


def documents(corpus: Path, count: int) -> Iterator[Document]:
    """So many articles as an index reads them, numbered from 1; the same ones each time."""
    for number, article in enumerate(islice(_without_end(corpus), count), start=1):
        yield Document(
            article_id=number,
            title=article.title,
            search_words="",
            summary=article.summary,
            headings="\n".join(one.heading for one in article.sections if one.heading),
            body="\n".join(f"{one.heading}\n{one.text}".strip() for one in article.sections),
            category=article.folder,
            audiences=("public",),
        )


def _without_end(corpus: Path) -> Iterator[RealArticle]:
    real = list(_read(corpus))
    yield from real
    dice = random.Random(SEED)
    drawers: dict[str, list[Section]] = defaultdict(list)
    for article in real:
        drawers[article.folder] += article.sections
    while True:
        for article in real:
            yield _recombined(article, drawers[article.folder], dice)


def _recombined(article: RealArticle, drawer: list[Section], dice: random.Random) -> RealArticle:
    drawn = [dice.choice(drawer) for _ in article.sections]
    headings = [one.heading for one in drawn if one.heading]
    title = f"{article.title}: {headings[0]}" if headings else article.title
    return RealArticle(article.folder, title, article.summary, tuple(drawn))


def _read(corpus: Path) -> Iterator[RealArticle]:
    if corpus.is_dir():
        yield from _read_folder(corpus)
    elif corpus.name.endswith((".tar.gz", ".tgz")):
        with tempfile.TemporaryDirectory() as folder, tarfile.open(corpus) as archive:
            archive.extractall(folder, filter="data")
            yield from _read_folder(Path(folder))
    else:
        for row in rows_of(corpus):
            sections = (Section("", str(row.get("text", ""))),)
            yield RealArticle("articles", str(row.get("title", "")), "", sections)


def _read_folder(folder: Path) -> Iterator[RealArticle]:
    for path in sorted(folder.rglob("*.md")):
        given, body = _parted(path.read_text(encoding="utf-8-sig"))
        title = str(given.get("title") or path.stem)
        summary = str(given.get("description") or "")
        yield RealArticle(path.parent.name, title, summary, tuple(_sections(body)))


def _parted(text: str) -> tuple[dict[str, object], str]:
    """Front matter and body; what can't be read as front matter says nothing."""
    if not text.startswith("---\n") or text.count("---\n") < 2:
        return {}, text
    _, head, body = text.split("---\n", 2)
    try:
        given = yaml.load(head, Loader=_LOADER)
    except yaml.YAMLError:
        given = None
    return given if isinstance(given, dict) else {}, body


def _sections(markdown: str) -> Iterator[Section]:
    parts = _HEADING.split(markdown)
    for heading, text in zip(["", *parts[1::2]], parts[::2], strict=True):
        if heading or text.strip():
            yield Section(_plain(heading), _plain(text))


def _plain(markdown: str) -> str:
    return _SPACES.sub(" ", _MARKS.sub(" ", markdown)).strip()
