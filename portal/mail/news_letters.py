"""The letters about news: of one release, of one known issue that is fixed, or of several at once.

Each ends with the address at which its reader turns news off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.knowledge.article import Version
from portal.knowledge.known_issue import KnownIssue
from portal.locale import gettext as _
from portal.locale import ngettext
from portal.mail import addresses
from portal.mail.letters import Button, Letter, write_letter
from portal.mail.news_wishes import news_token
from portal.people.person import Person
from portal.settings import Settings


@dataclass(frozen=True)
class Piece:
    """One piece of news among several: what, in a sentence or two, and where to read on."""

    title: str
    text: str
    url: str


def release_letter(version: Version, person: Person, *, settings: Settings) -> Letter:
    """News of a release."""
    return write_letter(
        "release_news",
        settings=settings,
        subject=version.title,
        button=Button(_("Read about it"), addresses.article(settings, version.article.slug)),
        stop_url=_stop_url(settings, person),
        title=version.title,
        summary=version.summary,
        products=", ".join(version.applies_to),
    )


def issue_letter(
    issue: KnownIssue, *, is_announced: bool, stop_url: str, settings: Settings
) -> Letter:
    """News of a known issue that is fixed; `is_announced` to a reader who did not ask for it."""
    return write_letter(
        "issue_news",
        settings=settings,
        subject=_("Fixed: %(title)s", title=issue.title),
        button=Button(_("Read about it"), addresses.known_issue(settings, issue.id)),
        issue=issue,
        is_announced=is_announced,
        stop_url=stop_url,
    )


def letter_of_the_morning(
    told: Sequence[Version | KnownIssue], person: Person, *, settings: Settings
) -> Letter:
    """Everything of one morning; a single piece of news is worded as it would be at once."""
    if len(told) > 1:
        return _several([_piece(one, settings) for one in told], person, settings)
    (one,) = told
    if isinstance(one, Version):
        return release_letter(one, person, settings=settings)
    stop_url = _stop_url(settings, person)
    return issue_letter(one, is_announced=True, stop_url=stop_url, settings=settings)


def _several(pieces: list[Piece], person: Person, settings: Settings) -> Letter:
    subject = ngettext(
        "One piece of news at %(name)s",
        "%(number)s pieces of news at %(name)s",
        len(pieces),
        name=settings.name,
    )
    return write_letter(
        "news_of_the_morning",
        settings=settings,
        subject=subject,
        button=Button(_("Open the help center"), f"{settings.base_url}/"),
        stop_url=_stop_url(settings, person),
        pieces=pieces,
    )


def _piece(one: Version | KnownIssue, settings: Settings) -> Piece:
    if isinstance(one, Version):
        url = addresses.article(settings, one.article.slug)
        return Piece(
            ": ".join([*filter(None, [", ".join(one.applies_to)]), one.title]), one.summary, url
        )
    title = _("Fixed: %(title)s", title=one.title)
    return Piece(title, "", addresses.known_issue(settings, one.id))


def _stop_url(settings: Settings, person: Person) -> str:
    return addresses.news(settings, news_token(settings, person))
