"""Another tool's head as one of ours: what is optional and can't be used is left out and noted;
what seems to say who may read is never guessed.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from portal.knowledge.article import ArticleType
from portal.knowledge.foreign.mapping import ForeignMapping
from portal.knowledge.front_matter import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    ArticleFile,
    FrontMatterError,
    article_of,
)
from portal.knowledge.head_values import LONGEST_WORD, MOST_WORDS, Problem, Values, nearest
from portal.knowledge.plain_words import one_line, unwanted_character
from portal.knowledge.slugs import is_slug, slug_of
from portal.knowledge.yaml_head import Items, Keys, Node, Text

_RISKY = ("audience", "status")
_H1 = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_SETEXT = re.compile(r"\A\s*([^\n#>|*+-][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_MARKS = re.compile(r"[*_`]|!?\[|\]\([^)\s]*\)|<[^>\s]{1,40}>")


@dataclass
class Adapted:
    """An article, what its file says of its address and category, and what was left out."""

    article: ArticleFile
    slug: str = ""
    category: str = ""
    left_out: list[Problem] = field(default_factory=list)


def adapt(keys: Keys, body: str, body_line: int, mapping: ForeignMapping, *, name: str) -> Adapted:
    """Our article of their head and body; `name` is the title where nothing says one.

    Raises FrontMatterError.
    """
    _refuse_guessing(keys, mapping)
    theirs = _Theirs(keys, mapping)
    title, body, dropped = _title(theirs, body, name)
    said: dict[str, Node] = {"title": Text(title, 1), **theirs.optional()}
    for table in (mapping.defaults, mapping.constants):
        for key, value in table.items():
            if key != "category" and (table is mapping.constants or key not in said):
                said[key] = Text(value, 1)
    if theirs.is_draft:
        said["status"] = Text("draft", 1)
    values = Values(Keys(said, 1, {}))
    empty = _EMPTY_LINES.match(body)
    dropped += empty[0].count("\n") if empty else 0
    article = article_of(values, body, body_line + dropped)
    if article is None:
        raise FrontMatterError(values.problems)
    category = mapping.constants.get("category") or theirs.line("category", LONGEST_WORD)
    slug = slug_of(theirs.line("slug", 300).strip("/").rpartition("/")[2])
    return Adapted(article, slug, category, theirs.left_out)


def _refuse_guessing(keys: Keys, mapping: ForeignMapping) -> None:
    """A key that seems to say who may read stops its file, unless the mapping knows better."""
    mapped = {key for names in mapping.keys.values() for key in names} | set(mapping.ignored)
    for key in keys.entries:
        if key not in mapped and nearest(key, _RISKY) in _RISKY:
            fault = (
                f"`{key[:40]}` seems to say who may read it. Name it in the mapping, under `keys` "
                "or `ignored`."
            )
            raise FrontMatterError([Problem(keys.lines.get(key, 1) + 1, fault)])


def _title(theirs: "_Theirs", body: str, name: str) -> tuple[str, str, int]:
    """The title, the body without a heading that repeats it, and how many lines that took."""
    title = theirs.line("title", LONGEST_TITLE)
    heading = _H1.match(body) or _SETEXT.match(body)
    said = one_line(_MARKS.sub("", heading[1])) if heading else ""
    if heading and (not title or said.casefold() == title.casefold()):
        return title or said[:LONGEST_TITLE], body[heading.end() :], heading[0].count("\n")
    return title or name, body, 0


class _Theirs:
    """Reads their keys by our names."""

    def __init__(self, keys: Keys, mapping: ForeignMapping) -> None:
        self._keys, self._mapping = keys, mapping
        self.left_out: list[Problem] = []

    def _node(self, ours: str) -> tuple[str, Node] | None:
        for key in self._mapping.keys.get(ours, ()):
            node = self._keys.entries.get(key)
            if node is not None and not (isinstance(node, Text) and node.is_empty):
                return key, node
        return None

    def _leave_out(self, key: str, fault: str) -> None:
        line = self._keys.lines.get(key, 1) + 1
        self.left_out.append(Problem(line, f"`{key}` was left out: {fault}"))

    def line(self, ours: str, limit: int) -> str:
        words = self._words(ours, limit)
        return words[0] if words else ""

    def _words(self, ours: str, limit: int) -> list[str]:
        """Their values: a list, or a single one; too long ones are cut, bad ones left out."""
        found = self._node(ours)
        if found is None:
            return []
        key, node = found
        nodes = node.items if isinstance(node, Items) else (node,)
        words = []
        for one in nodes:
            said = one_line(one.said) if isinstance(one, Text) else ""
            if not said or unwanted_character(said):
                self._leave_out(key, "a value is no plain text.")
            elif said not in words:
                words.append(said if len(said) <= limit else said[: limit - 1].rstrip() + "…")
        return words

    @property
    def is_draft(self) -> bool:
        draft, published = self.line("draft", 10), self.line("published", 10)
        return draft.lower() in {"true", "yes", "1"} or published.lower() in {"false", "no", "0"}

    def optional(self) -> dict[str, Node]:
        """What their head says beyond the title, as our head would."""
        said: dict[str, Node] = {}
        for key, limit in (("summary", LONGEST_SUMMARY), ("owner", LONGEST_WORD)):
            if value := self.line(key, limit):
                said[key] = Text(value, 1)
        for key in ("search_words", "applies_to"):
            if words := self._words(key, LONGEST_WORD):
                said[key] = _items(words[:MOST_WORDS])
        if day := self._day():
            said["verified_on"] = Text(day.isoformat(), 1)
        kind = self.line("type", LONGEST_WORD)
        if kind in {one.value for one in ArticleType}:
            said["type"] = Text(kind, 1)
        if aliases := self._aliases():
            said["aliases"] = _items(aliases)
        return said

    def _day(self) -> date | None:
        value = self.line("verified_on", LONGEST_WORD)
        american = _US_DATE.match(value)
        try:
            if american:
                return date(int(american[3]), int(american[1]), int(american[2]))
            if found := _ISO_DATE.match(value):
                return date.fromisoformat(found[0])
        except ValueError:
            pass
        if value:
            self._leave_out(self._mapping.keys["verified_on"][0], f"“{value}” is no date.")
        return None

    def _aliases(self) -> list[str]:
        """The last part of each former address, where it can be an address of ours."""
        parts = [slug_of(one.strip("/").rpartition("/")[2]) for one in self._words("aliases", 300)]
        return [one for one in dict.fromkeys(parts) if is_slug(one)]


def _items(words: list[str]) -> Items:
    return Items(tuple(Text(word, 1) for word in words), 1)
