"""What there is to do for writers, found in what readers searched, answered and filed.

A question in other words is the same finding. Votes and cases count for the version that is
published, so that an improved article starts afresh.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from portal.insight import searches
from portal.insight.attempt import HelpSign, Place, Sign
from portal.insight.finding import Finding
from portal.insight.said import Said
from portal.insight.searches import TREND, Gap
from portal.insight.translation_findings import translations_due
from portal.insight.work_item import WorkItem, WorkList
from portal.knowledge.article import Article, Feedback, Status, Version
from portal.knowledge.help_key import HelpKeyDay
from portal.knowledge.helping import Asked
from portal.knowledge.verifying import overdue
from portal.locale import N_
from portal.search.log import SearchRecord

LOOKED_BACK = timedelta(days=90)
MOST = 100
FEWEST = {WorkList.UNOPENED: 2, WorkList.NOT_HELPING: 2, WorkList.SHOWN: 2}
"""A single one says little of what was found all the same."""

_TAB = "\t"

Alike = Callable[[Sequence[str]], list[list[int]]]
Chosen = Select[*tuple[Any, ...]]

_SEARCHES = {
    WorkList.FAILED: searches.found_nothing,
    WorkList.UNOPENED: searches.opened_nothing,
    WorkList.FILED: searches.led_to_a_case,
}


def findings(
    db: Session, alike: Alike, *, now: datetime, languages: tuple[str, ...] = ("en",)
) -> Iterator[Finding]:
    """Everything to do. `alike` groups texts that ask the same thing (Index.alike); `languages` are
    the library's, the first one first.
    """
    yield from _in_searches(db, alike, now)
    yield from _not_helping(db, now)
    yield from _shown_before_cases(db, now)
    yield from _overdue(db, now)
    yield from _keys_without_article(db, now)
    yield from translations_due(db, languages, now=now)


def count_since(db: Session, item: WorkItem, since: datetime) -> int:
    """How often what the item is about has happened after `since`."""
    if item.kind in _SEARCHES:
        query = _count_of_searches(item, since)
    elif item.kind is WorkList.NOT_HELPING:
        query = _votes(select(func.count()), Article.id == item.article_id, Feedback.at > since)
    elif item.kind is WorkList.SHOWN:
        query = signs_before_cases(select(func.count(HelpSign.attempt_id.distinct()))).where(
            Article.id == item.article_id, HelpSign.at > since
        )
    elif item.kind is WorkList.HELP_KEY:
        query = select(func.sum(HelpKeyDay.missed)).where(
            *_is(asked_of(item)), HelpKeyDay.day > since.date()
        )
    else:
        return item.count
    return db.scalar(query) or 0


def _in_searches(db: Session, alike: Alike, now: datetime) -> Iterator[Finding]:
    since = now - LOOKED_BACK
    for kind, found in (
        (WorkList.FAILED, searches.without_result),
        (WorkList.UNOPENED, searches.without_click),
        (WorkList.FILED, searches.followed_by_case),
    ):
        gaps = found(db, since=since, now=now, limit=MOST)
        for gap in searches.merged(gaps, alike([gap.text for gap in gaps])):
            if gap.count >= FEWEST.get(kind, 1):
                yield _of_gap(kind, gap)


def _of_gap(kind: WorkList, gap: Gap) -> Finding:
    others = "; ".join(gap.others)
    also = (Said(N_("Also: %(others)s"), {"others": others}),) if others else ()
    return Finding(kind, gap.text, gap.count, gap.recent, gap.before, gap.last_at, gap.words, also)


def _count_of_searches(item: WorkItem, since: datetime) -> Select[int]:
    at = SearchRecord.filed_at if item.kind is WorkList.FILED else SearchRecord.at
    return select(func.count()).where(
        _SEARCHES[item.kind](), SearchRecord.words.in_(item.words), at > since
    )


def _not_helping(db: Session, now: datetime) -> Iterator[Finding]:
    """Published versions to which readers said No, unless far more said Yes."""
    no = func.sum(case((Feedback.helped, 0), else_=1))
    yes = func.sum(case((Feedback.helped, 1), else_=0))
    last_at = func.max(case((Feedback.helped, None), else_=Feedback.at))
    columns = (
        Version.id,
        Version.title,
        Article.id,
        no,
        *_trend(~Feedback.helped, Feedback.at, now),
    )
    rows = db.execute(
        _votes(select(*columns, last_at, yes))
        .group_by(Article.id, Version.id, Version.title)
        .having(no >= FEWEST[WorkList.NOT_HELPING], no * 3 >= yes)
        .order_by(no.desc(), Article.id)
        .limit(MOST)
    )
    for version_id, title, article_id, count, recent, before, last, said_yes in rows:
        note = Said(N_("%(count)s said Yes"), {"count": said_yes})
        notes = (note if said_yes else Said(N_("Nobody said Yes")),)
        yield Finding(
            WorkList.NOT_HELPING, title, count, recent, before, last,
            notes=notes, article_id=article_id, version_id=version_id,
        )  # fmt: skip


def _votes(chosen: Chosen, *conditions: ColumnElement[bool]) -> Chosen:
    """Votes for the versions that are published; with conditions only those that said No."""
    query = (
        chosen.select_from(Feedback)
        .join(Version, Version.id == Feedback.version_id)
        .join(Article, Article.published_version_id == Version.id)
        .where(Article.status == Status.PUBLISHED)
    )
    return query.where(~Feedback.helped, *conditions) if conditions else query


def _shown_before_cases(db: Session, now: datetime) -> Iterator[Finding]:
    """Articles that were offered on the way to a case, or opened, and did not keep it away."""
    count = func.count(HelpSign.attempt_id.distinct())
    last_at = func.max(HelpSign.at)
    columns = (Version.id, Version.title, Article.id, count, *_distinct_trend(now))
    rows = db.execute(
        signs_before_cases(select(*columns, last_at))
        .where(HelpSign.at >= now - LOOKED_BACK)
        .group_by(Article.id, Version.id, Version.title)
        .having(count >= FEWEST[WorkList.SHOWN])
        .order_by(count.desc(), Article.id)
        .limit(MOST)
    )
    for version_id, title, article_id, number, recent, before, last in rows:
        yield Finding(
            WorkList.SHOWN, title, number, recent, before, last,
            article_id=article_id, version_id=version_id,
        )  # fmt: skip


def signs_before_cases(chosen: Chosen) -> Chosen:
    """What was offered in attempts that ended in a case, since the version was written."""
    filed = aliased(HelpSign)
    offered = (HelpSign.kind == Sign.SHOWN) & HelpSign.place.in_((Place.STEP, Place.ASIDE))
    ended_in_a_case = (
        select(filed.id)
        .where(filed.attempt_id == HelpSign.attempt_id, filed.kind == Sign.FILED)
        .exists()
    )
    return (
        chosen.select_from(HelpSign)
        .join(Article, Article.id == HelpSign.article_id)
        .join(Version, Version.id == Article.published_version_id)
        .where(
            Article.status == Status.PUBLISHED,
            offered | (HelpSign.kind == Sign.OPENED),
            ended_in_a_case,
            HelpSign.at >= Version.created_at,
        )
    )


def _overdue(db: Session, now: datetime) -> Iterator[Finding]:
    """Published articles whose next check is due; `count` is for how many days, at least 1."""
    for late in overdue(db, now.date())[:MOST]:
        yield Finding(
            WorkList.OVERDUE, late.title, max((now.date() - late.due_on).days, 1), 0, 0,
            datetime.combine(late.due_on, time(), tzinfo=UTC),
            notes=(Said(N_("Owner: %(name)s"), {"name": late.owner}),) if late.owner else (),
            article_id=late.article_id,
        )  # fmt: skip


def _keys_without_article(db: Session, now: datetime) -> Iterator[Finding]:
    """Help keys that a product asked for and that lead nobody anywhere."""
    today, missed = now.date(), func.sum(HelpKeyDay.missed)
    rows = db.execute(
        select(
            HelpKeyDay.key,
            HelpKeyDay.product,
            HelpKeyDay.version,
            missed,
            _within(today - TREND, today),
            _within(today - 2 * TREND, today - TREND - timedelta(days=1)),
            func.max(HelpKeyDay.day),
        )
        .where(HelpKeyDay.day >= (now - LOOKED_BACK).date(), HelpKeyDay.missed > 0)
        .group_by(HelpKeyDay.key, HelpKeyDay.product, HelpKeyDay.version)
        .order_by(missed.desc(), HelpKeyDay.key)
        .limit(MOST)
    )
    for key, product, version, count, recent, before, last in rows:
        of = " ".join(filter(None, (product, version)))
        yield Finding(
            WorkList.HELP_KEY, key, count, recent, before,
            datetime.combine(last, time(), tzinfo=UTC),
            words=(_TAB.join((key, product, version)),),
            notes=(Said(N_("In %(product)s"), {"product": of}),) if of else (),
        )  # fmt: skip


def asked_of(item: WorkItem) -> Asked:
    """What an item about a help key is about."""
    key, product, version = item.words[0].split(_TAB)
    return Asked(key, product, version)


def _is(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        HelpKeyDay.key == asked.key,
        HelpKeyDay.product == asked.product,
        HelpKeyDay.version == asked.version,
    )


def _within(first: date, last: date) -> ColumnElement[int]:
    """How often a key was asked for in vain from the first to the last of these days."""
    is_within = (HelpKeyDay.day >= first) & (HelpKeyDay.day <= last)
    return func.sum(case((is_within, HelpKeyDay.missed), else_=0))


def _trend(
    which: ColumnElement[bool], at: Any, now: datetime
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many of `which` fell in the last thirty days, and in the thirty before them."""
    is_before = (at < now - TREND) & (at >= now - 2 * TREND)
    return (
        func.sum(case((which & (at >= now - TREND), 1), else_=0)),
        func.sum(case((which & is_before, 1), else_=0)),
    )


def _distinct_trend(now: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The same for attempts, each counted once."""
    at, attempt = HelpSign.at, HelpSign.attempt_id
    is_before = (at < now - TREND) & (at >= now - 2 * TREND)
    return (
        func.count(case((at >= now - TREND, attempt)).distinct()),
        func.count(case((is_before, attempt)).distinct()),
    )
