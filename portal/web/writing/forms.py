"""The form of an article: a field for every piece of front matter, and the body."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)

from portal.clock import now
from portal.knowledge.article import Article, ArticleType, Audience, Version
from portal.knowledge.front_matter import LONGEST_SUMMARY, LONGEST_TITLE
from portal.knowledge.head_values import LONGEST_REVIEW_DAYS, LONGEST_WORD, MOST_WORDS
from portal.knowledge.merging import has_marks
from portal.knowledge.plain_words import body_of, one_line, unwanted_character
from portal.knowledge.rendering_limits import LONGEST_BODY_BYTES
from portal.knowledge.reviewing import LONGEST_QUOTE, LONGEST_REMARK
from portal.knowledge.slugs import is_slug
from portal.knowledge.words import Facts, Words
from portal.web.forms import Form, Line, Text

TYPE_WORDS = {
    ArticleType.HOW_TO: "How-to: steps to a goal",
    ArticleType.FAQ: "Question with a short answer",
    ArticleType.PROBLEM: "Problem and its solution",
    ArticleType.REFERENCE: "Reference",
    ArticleType.MANUAL: "Manual",
    ArticleType.TRAINING: "Training",
    ArticleType.RELEASE: "Release notes",
}
AUDIENCE_WORDS = {
    Audience.PUBLIC: "Anyone",
    Audience.CUSTOMERS: "Signed-in customers",
    Audience.ORGANISATIONS: "Only the organisations chosen below",
    Audience.STAFF: "Staff only",
}
NOTE_LIMIT = 200
FACTS = (
    *("category", "type", "audience", "organisations"),
    *("owner", "verified_on", "review_every", "pinned"),
)
"""The fields that are facts of the article, not words of a version."""


def _slug(_form: Any, field: Field) -> None:
    if field.data and not is_slug(field.data):
        raise ValidationError(
            "Use lower-case letters, digits and single hyphens, like reset-your-password."
        )


def _date(_form: Any, field: Field) -> None:
    said = field.data or ""
    try:
        day = date.fromisoformat(said) if len(said) == len("2026-11-23") else None
    except ValueError:
        day = None
    if said and day is None:
        raise ValidationError("Enter a date like 2026-11-23.")
    if day and day > (now() + timedelta(days=1)).date():
        raise ValidationError("Enter a day that has come: nobody checked it tomorrow.")


def _days(_form: Any, field: Field) -> None:
    said = field.data or ""
    is_number = said.isascii() and said.isdigit() and len(said) <= 4
    if said and not (is_number and 1 <= int(said) <= LONGEST_REVIEW_DAYS):
        raise ValidationError(f"Enter a number of days from 1 to {LONGEST_REVIEW_DAYS}, like 180.")


def _each_line(check: Callable[[str], str | None]) -> Callable[[Any, Field], None]:
    def validate(_form: Any, field: Field) -> None:
        said = lines_of(field.data)
        if len(said) > MOST_WORDS:
            raise ValidationError(f"Keep the {MOST_WORDS} most useful lines.")
        for fault in filter(None, map(check, said)):
            raise ValidationError(fault)

    return validate


def _word_fault(word: str) -> str | None:
    if unwanted_character(word):
        return f"Type “{word[:40]}” again by hand: it contains invisible characters."
    return f"Shorten “{word[:40]}…” to {LONGEST_WORD} characters." if len(word) > 120 else None


def _slug_fault(slug: str) -> str | None:
    if is_slug(slug):
        return None
    return f"“{slug[:40]}” can't be an address. Use lower-case letters, digits and single hyphens."


class ArticleForm(Form):
    """Everything that a writer says of an article. `based_on` is the version that was edited,
    `seen` the facts that stood there then, `draft_key` the name that an unsaved text is kept by.
    """

    based_on = HiddenField()
    seen = HiddenField()
    draft_key = Line("Draft", limit=40)
    title = Line("Title", limit=LONGEST_TITLE, required="Enter the question this answers.")
    summary = Line("Summary", limit=LONGEST_SUMMARY)
    body = Text("Text", limit=LONGEST_BODY_BYTES, required="Write the answer.")
    slug = Line("Address", limit=120, validators=(_slug,))
    category = SelectField("Category", validate_choice=True)
    new_category = Line("New category", limit=LONGEST_WORD)
    type = SelectField("Kind", choices=[(kind.value, said) for kind, said in TYPE_WORDS.items()])
    audience = SelectField(
        "Who may read it", choices=[(who.value, said) for who, said in AUDIENCE_WORDS.items()]
    )
    organisations = SelectMultipleField("Organisations")
    applies_to = Text("Applies to", limit=8_000, validators=(_each_line(_word_fault),))
    search_words = Text("Search words", limit=8_000, validators=(_each_line(_word_fault),))
    owner = Line("Owner", limit=LONGEST_WORD)
    verified_on = Line("Last checked on", limit=20, validators=(_date,))
    review_every = Line("Check again after (days)", limit=20, validators=(_days,))
    pinned = BooleanField("Stands first in its category")
    aliases = Text("Further addresses", limit=8_000, validators=(_each_line(_slug_fault),))
    note = Line("What you changed", limit=NOTE_LIMIT)
    alt = Line("What the image shows", limit=300)
    image_fault = ""

    def validate_body(self, field: Field) -> None:
        if has_marks(field.data or ""):
            raise ValidationError(
                "Decide the passages between <<<<<<< and >>>>>>>: keep what is right, and remove "
                "the lines with these marks."
            )

    def validate_organisations(self, field: Field) -> None:
        if self.audience.data == Audience.ORGANISATIONS.value and not field.data:
            raise ValidationError("Choose at least one organisation, or another audience.")

    def validate_new_category(self, field: Field) -> None:
        if not self.category.data and not field.data:
            raise ValidationError("Choose a category, or enter a new one.")

    @property
    def words(self) -> Words:
        return Words(
            title=one_line(self.title.text),
            body=body_of(self.body.text),
            summary=one_line(self.summary.text),
            applies_to=tuple(lines_of(self.applies_to.data)),
            search_words=tuple(lines_of(self.search_words.data)),
        )

    @property
    def based_on_number(self) -> int | None:
        said = self.based_on.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


class RetirementForm(Form):
    """What stands in for a retired article, if anything."""

    heir = Line("Address of the article that takes over", limit=200)


class ScheduleForm(Form):
    """When to publish, on the writer's own clock."""

    at = DateTimeLocalField("Day and time", format="%Y-%m-%dT%H:%M")


class ReturnForm(Form):
    """What a reviewer decides of the version that was shown."""

    shown = HiddenField()
    text = Text("What should change", limit=LONGEST_REMARK, required="Say what should change.")

    @property
    def shown_number(self) -> int:
        said = self.shown.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class RemarkForm(Form):
    """A remark about a version, or about a passage of it."""

    quote = Line("The passage you mean", limit=LONGEST_QUOTE)
    remark = Text("Your remark", limit=LONGEST_REMARK, required="Write your remark.")


class AddressForm(Form):
    """Another address for an article."""

    slug = Line("New address", limit=120, required="Enter the new address.", validators=(_slug,))


def lines_of(text: str | None) -> list[str]:
    """The lines of a list field, each once."""
    return list(dict.fromkeys(filter(None, (one_line(line) for line in (text or "").split("\n")))))


def values_of(
    article: Article, version: Version, facts: Facts, aliases: list[str]
) -> dict[str, Any]:
    """What the form shows of an article before anything was typed."""
    return {
        "based_on": str(version.number),
        "title": version.title,
        "summary": version.summary,
        "body": version.body,
        "slug": article.slug,
        "category": facts.category.slug,
        "type": facts.type.value,
        "audience": facts.audience.value,
        "organisations": [organisation.slug for organisation in facts.organisations],
        "applies_to": "\n".join(version.applies_to),
        "search_words": "\n".join(version.search_words),
        "owner": facts.owner,
        "verified_on": facts.verified_on.isoformat() if facts.verified_on else "",
        "review_every": str(facts.review_every_days or ""),
        "pinned": facts.is_pinned,
        "aliases": "\n".join(aliases),
    }
