"""An article as a file: what stands in the head between two `---` lines, and the body below.

Every key has one meaning and one form. What can't be understood is refused, never guessed, above
all who may read: `audience` and `status` must be said. `dump` writes what `parse` reads.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from portal.knowledge.article import ArticleType, Audience, Status
from portal.knowledge.head_values import Problem, Values
from portal.knowledge.plain_words import body_of
from portal.knowledge.yaml_head import HeadError, Items, Keys, read_head
from portal.languages import FIRST, LONGEST_TAG, read_tag
from portal.locale import gettext as _

LONGEST_TITLE = 200
LONGEST_SUMMARY = 500

KEYS = (
    *("title", "summary", "category", "type", "applies_to", "audience", "search_words", "owner"),
    *("verified_on", "review_every", "status", "aliases", "pinned", "heir"),
    *("language", "translation_of", "outdated"),
)


class FrontMatterError(Exception):
    """A file that can't be read as an article, with everything that is wrong in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "; ".join(
                _("line %(line)s: %(message)s", line=p.line, message=p.message) for p in problems
            )
        )
        self.problems = problems


@dataclass(frozen=True)
class ArticleFile:
    """What a file says. `organisations` are slugs; `body_line` is where the body begins.

    `language` is a tag, "" for the library's first one; `outdated` says of a translation that its
    original is newer.
    """

    title: str
    audience: Audience
    status: Status
    body: str
    summary: str = ""
    category: str | None = None
    type: ArticleType = ArticleType.HOW_TO
    applies_to: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    search_words: tuple[str, ...] = ()
    owner: str = ""
    verified_on: date | None = None
    review_every: int | None = None
    aliases: tuple[str, ...] = ()
    pinned: bool = False
    heir: str | None = None
    language: str = ""
    translation_of: str | None = None
    outdated: bool = False
    body_line: int = field(default=1, compare=False)


def parse(source: bytes | str) -> ArticleFile:
    """Read a file. Raises FrontMatterError with all its problems."""
    head, body, body_line = _split(decoded(source))
    try:
        keys = read_head(head)
    except HeadError as error:
        raise FrontMatterError([Problem(error.line + 1, error.message)]) from None
    values = Values(keys)
    found = article_of(values, body, body_line)
    if found is None:
        raise FrontMatterError(sorted(values.problems, key=lambda p: p.line))
    return found


def dump(article: ArticleFile) -> str:
    """Write a file that `parse` reads as the same article."""
    said: dict[str, Any] = {
        "title": article.title,
        "summary": article.summary,
        "category": article.category,
        "type": article.type.value,
        "applies_to": list(article.applies_to),
        "audience": _said_audience(article),
        "search_words": list(article.search_words),
        "owner": article.owner,
        "verified_on": article.verified_on,
        "review_every": article.review_every,
        "status": article.status.value,
        "aliases": list(article.aliases),
        "pinned": article.pinned,
        "heir": article.heir,
        "language": article.language,
        "translation_of": article.translation_of,
        "outdated": article.outdated,
    }
    kept = {key: value for key, value in said.items() if value not in (None, "", [], False)}
    head = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{head}---\n" + (f"\n{article.body}" if article.body else "")


def _said_audience(article: ArticleFile) -> str | dict[str, list[str]]:
    if article.audience is Audience.ORGANISATIONS:
        return {"organisations": list(article.organisations)}
    return article.audience.value


def decoded(source: bytes | str) -> str:
    """The text of a file. Raises FrontMatterError."""
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise FrontMatterError(
            [Problem(line, _("the file is not UTF-8 text. Save it as UTF-8."))]
        ) from None


def _split(text: str) -> tuple[str, str, int]:
    """Head, body, and the line where the body begins (its first line that isn't empty)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != "---":
        fault = _(
            "the file must begin with a line `---`, the head, and another line `---`. Add them."
        )
        raise FrontMatterError([Problem(1, fault)])
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            body = lines[number + 1 :]
            empty = next((i for i, text in enumerate(body) if text.strip(" \t")), 0)
            return "\n".join(lines[1:number]), "\n".join(body), number + 2 + empty
    raise FrontMatterError([Problem(1, _("the head has no end. Add a line `---` after it."))])


def article_of(values: Values, body: str, body_line: int) -> ArticleFile | None:
    """The article that a head describes; None when something is wrong, as `values` says."""
    values.refuse_unknown(KEYS)
    status = values.choice("status", Status, None)
    audience, organisations = read_audience(values)
    type_ = values.choice("type", ArticleType, ArticleType.HOW_TO)
    title, heir = values.line("title", LONGEST_TITLE), values.slug("heir")
    said: dict[str, Any] = {
        "summary": values.line("summary", LONGEST_SUMMARY),
        "category": values.slug("category"),
        "applies_to": values.words("applies_to"),
        "search_words": values.words("search_words"),
        "owner": values.line("owner"),
        "verified_on": values.date("verified_on"),
        "review_every": values.days("review_every"),
        "aliases": values.slugs("aliases"),
        "pinned": values.claim("pinned"),
        "language": _language(values),
        "translation_of": values.slug("translation_of"),
        "outdated": values.claim("outdated"),
    }
    if not title:
        values.missing("title", _("title: How do I reset my password?") + "`")
    if heir and status not in {None, Status.RETIRED}:
        values.wrong("heir", _("names the successor of a retired article. Add `status: retired`."))
    if said["translation_of"] and not said["language"]:
        values.wrong("translation_of", _("needs a language. Add `language: de`, or another tag."))
    if values.problems or status is None or audience is None or type_ is None:
        return None
    return ArticleFile(
        title=title,
        audience=audience,
        organisations=organisations,
        status=status,
        type=type_,
        heir=heir,
        body=body_of(body),
        body_line=body_line,
        **said,
    )


def _language(values: Values) -> str:
    """A tag that is known, in its usual form; "" when none is said."""
    said = values.line("language", LONGEST_TAG)
    tag = read_tag(said) if said else FIRST
    if tag is None:
        fault = _("can't be “%(said)s”. Write a language tag like de or pt-BR.", said=said)
        values.wrong("language", fault)
    return tag or FIRST


def read_audience(values: Values) -> tuple[Audience | None, tuple[str, ...]]:
    """Who may read, and the organisations that are named; None for what can't be understood."""
    node = values.keys.entries.get("audience")
    if isinstance(node, Keys):
        return Audience.ORGANISATIONS, _named_organisations(values, node)
    audience = values.choice("audience", Audience, None)
    if audience is Audience.ORGANISATIONS:
        values.wrong("audience", _("needs names: `audience: {organisations: [acme, globex]}`."))
    return audience, ()


def _named_organisations(values: Values, node: Keys) -> tuple[str, ...]:
    named = node.entries.get("organisations")
    if set(node.entries) != {"organisations"} or not isinstance(named, Items):
        values.wrong("audience", _("must be like `audience: {organisations: [acme, globex]}`."))
        return ()
    slugs = values.all_slugs("audience", named)
    if not slugs:
        fault = _("names no organisation. Name one, or write `audience: staff`.")
        values.wrong("audience", fault)
    return slugs
