"""Known issues as readers see them: on the notice bar, and where somebody asks about one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.knowledge.article import Article
from portal.knowledge.known_issue import IssueStatus, KnownIssue, standing
from portal.knowledge.queries import find_article
from portal.locale import N_
from portal.locale import gettext as _
from portal.web.identity import reader
from portal.web.transaction import db

STATUS_WORDS = {
    IssueStatus.INVESTIGATING: N_("We are looking into it"),
    IssueStatus.WORKAROUND: N_("There is a way around it"),
    IssueStatus.FIXED: N_("Fixed"),
}
STATUS_TONES = {
    IssueStatus.INVESTIGATING: "attention",
    IssueStatus.WORKAROUND: "info",
    IssueStatus.FIXED: "good",
}


@dataclass(frozen=True)
class Shown:
    """An issue as readers see it; the article only where they may read it."""

    id: int
    title: str
    text: str
    status: str
    tone: str
    updated_at: datetime
    article: Article | None
    is_over: bool
    fixed_in: str


def issue_bars() -> list[Shown]:
    """What everybody has to know now, the latest news first."""
    return shown_issues(standing(db(), is_on_bar=True))


def shown_issues(issues: Iterable[KnownIssue]) -> list[Shown]:
    """These issues, ready to be set."""
    return [
        Shown(
            one.id,
            one.title,
            one.text,
            _(STATUS_WORDS[one.status]),
            STATUS_TONES[one.status],
            one.updated_at,
            _readable_article(one),
            one.ended_at is not None,
            one.fixed_in,
        )
        for one in issues
    ]


def _readable_article(issue: KnownIssue) -> Article | None:
    if issue.article is None:
        return None
    found = find_article(db(), issue.article.slug, reader=reader())
    return found if isinstance(found, Article) else None
