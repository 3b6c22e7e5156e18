"""The form of an article: a field for every piece of front matter, and the body."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from wtforms import (
    BooleanField,
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
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.forms import Day, Form, Line, Text, TimeOfDay

TYPE_WORDS = {
    ArticleType.HOW_TO: N_("How-to: steps to a goal"),
    ArticleType.FAQ: N_("Question with a short answer"),
    ArticleType.PROBLEM: N_("Problem and its solution"),
    ArticleType.REFERENCE: N_("Reference"),
    ArticleType.MANUAL: N_("Manual"),
    ArticleType.TRAINING: N_("Training"),
    ArticleType.RELEASE: N_("Release notes"),
}
AUDIENCE_WORDS = {
    Audience.PUBLIC: N_("Anyone"),
    Audience.CUSTOMERS: N_("Signed-in customers"),
    Audience.ORGANISATIONS: N_("Only the organisations chosen below"),
    Audience.STAFF: N_("Staff only"),
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
            _("Use lower-case letters, digits and single hyphens, like reset-your-password.")
        )


def _date(_form: Any, field: Field) -> None:
    said = field.data or ""
    try:
        day = date.fromisoformat(said) if len(said) == len("2026-11-23") else None
    except ValueError:
        day = None
    if said and day is None:
        raise ValidationError(_("Enter a date like 2026-11-23."))
    if day and day > (now() + timedelta(days=1)).date():
        raise ValidationError(_("Enter a day that has come: nobody checked it tomorrow."))


def _days(_form: Any, field: Field) -> None:
    said = field.data or ""
    is_number = said.isascii() and said.isdigit() and len(said) <= 4
    if said and not (is_number and 1 <= int(said) <= LONGEST_REVIEW_DAYS):
        raise ValidationError(
            _("Enter a number of days from 1 to %(most)s, like 180.", most=LONGEST_REVIEW_DAYS)
        )


def _each_line(check: Callable[[str], str | None]) -> Callable[[Any, Field], None]:
    def validate(_form: Any, field: Field) -> None:
        said = lines_of(field.data)
        if len(said) > MOST_WORDS:
            raise ValidationError(_("Keep the %(most)s most useful lines.", most=MOST_WORDS))
        for fault in filter(None, map(check, said)):
            raise ValidationError(fault)

    return validate


def _word_fault(word: str) -> str | None:
    if unwanted_character(word):
        return _("Type “%(word)s” again by hand: it contains invisible characters.", word=word[:40])
    if len(word) <= LONGEST_WORD:
        return None
    return _("Shorten “%(word)s…” to %(most)s characters.", word=word[:40], most=LONGEST_WORD)


def _slug_fault(slug: str) -> str | None:
    if is_slug(slug):
        return None
    return _(
        "“%(slug)s” can't be an address. Use lower-case letters, digits and single hyphens.",
        slug=slug[:40],
    )


class ArticleForm(Form):
    """Everything that a writer says of an article. `based_on` is the version that was edited,
    `seen` the facts that stood there then, `draft_key` the name that an unsaved text is kept by.
    """

    based_on = HiddenField()
    seen = HiddenField()
    draft_key = Line(N_("Draft"), limit=40)
    title = Line(N_("Title"), limit=LONGEST_TITLE, required=N_("Enter the question this answers."))
    summary = Line(N_("Summary"), limit=LONGEST_SUMMARY)
    body = Text(N_("Text"), limit=LONGEST_BODY_BYTES, required=N_("Write the answer."))
    slug = Line(N_("Address"), limit=120, validators=(_slug,))
    category = SelectField(N_("Category"), validate_choice=True)
    new_category = Line(N_("New category"), limit=LONGEST_WORD)
    type = SelectField(
        N_("Kind"), choices=[(kind.value, said) for kind, said in TYPE_WORDS.items()]
    )
    audience = SelectField(
        N_("Who may read it"), choices=[(who.value, said) for who, said in AUDIENCE_WORDS.items()]
    )
    organisations = SelectMultipleField(N_("Organisations"))
    applies_to = Text(N_("Applies to"), limit=8_000, validators=(_each_line(_word_fault),))
    search_words = Text(N_("Search words"), limit=8_000, validators=(_each_line(_word_fault),))
    owner = Line(N_("Owner"), limit=LONGEST_WORD)
    verified_on = Line(N_("Last checked on"), limit=20, validators=(_date,))
    review_every = Line(N_("Check again after (days)"), limit=20, validators=(_days,))
    pinned = BooleanField(N_("Stands first in its category"))
    aliases = Text(N_("Further addresses"), limit=8_000, validators=(_each_line(_slug_fault),))
    note = Line(N_("What you changed"), limit=NOTE_LIMIT)
    alt = Line(N_("What the image shows"), limit=300)
    image_fault = ""

    def validate_body(self, field: Field) -> None:
        if has_marks(field.data or ""):
            raise ValidationError(
                _(
                    "Decide the passages between <<<<<<< and >>>>>>>: keep what is right, and "
                    "remove the lines with these marks."
                )
            )

    def validate_organisations(self, field: Field) -> None:
        if self.audience.data == Audience.ORGANISATIONS.value and not field.data:
            raise ValidationError(_("Choose at least one organisation, or another audience."))

    def validate_category(self, field: Field) -> None:
        # Not at the field for a new one: what is optional and left empty is checked no further.
        if not field.data and not self.new_category.data:
            raise ValidationError(_("Choose a category, or enter a new one."))

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

    heir = Line(N_("Address of the article that takes over"), limit=200)


class ScheduleForm(Form):
    """When to publish, on the writer's own clock."""

    on = Day(N_("Day"), required=N_("Enter the day on which to publish it."))
    at = TimeOfDay(
        N_("Time of day"), on="on", required=N_("Enter the time at which to publish it.")
    )


class ReturnForm(Form):
    """What a reviewer decides of the version that was shown."""

    shown = HiddenField()
    text = Text(
        N_("What should change"), limit=LONGEST_REMARK, required=N_("Say what should change.")
    )

    @property
    def shown_number(self) -> int:
        said = self.shown.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


class RemarkForm(Form):
    """A remark about a version, or about a passage of it."""

    quote = Line(N_("The passage you mean"), limit=LONGEST_QUOTE)
    remark = Text(N_("Your remark"), limit=LONGEST_REMARK, required=N_("Write your remark."))


class AddressForm(Form):
    """Another address for an article."""

    slug = Line(
        N_("New address"), limit=120, required=N_("Enter the new address."), validators=(_slug,)
    )


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
