"""Keeping what an attempt to find an answer shows of itself: searched, shown, opened, read, solved,
filed.

Everything of one visit belongs to one attempt until half an hour passes without a sign, or until a
case was filed. An article counts as read when the browser says so at least twenty seconds after it
was opened, and no two articles are read in the same twenty seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, select, text
from sqlalchemy.orm import Session

from portal.cases.case import Case
from portal.insight.attempt import Filing, HelpAttempt, HelpSign, Place, Sign
from portal.knowledge.article import Article, Version

PAUSE = timedelta(minutes=30)
READING = timedelta(seconds=20)
REVERSED_WITHIN = timedelta(hours=72)


@dataclass(frozen=True)
class Visitor:
    """Who makes an attempt, as hashes; empty where unknown."""

    visit: str
    account: str = ""
    address: str = ""
    machine: str = ""


@dataclass(frozen=True)
class Seen:
    """An article that a customer had before them before filing."""

    article_id: int
    title: str
    places: tuple[Place, ...]
    is_opened: bool
    is_read: bool


def search_for(
    db: Session, *, visitor: Visitor, article_ids: Sequence[int], now: datetime, first: int = 1
) -> None:
    """Somebody searched and was shown these articles, the first of them at position `first`."""
    attempt = _attempt(db, visitor, now=now)
    if first == 1:
        _add(db, attempt, Sign.SEARCHED, now=now)
    _show(db, attempt, article_ids, Place.RESULTS, now=now, first=first)


def open_form(db: Session, *, visitor: Visitor, now: datetime) -> None:
    """Somebody opened the form for a case."""
    attempt = _attempt(db, visitor, now=now)
    if not _has(db, attempt, Sign.FORM_OPENED):
        _add(db, attempt, Sign.FORM_OPENED, now=now)


def show(
    db: Session, *, visitor: Visitor, article_ids: Sequence[int], place: Place, now: datetime
) -> None:
    """Articles were suggested; the same article at the same place counts once an attempt."""
    if article_ids:
        _show(db, _attempt(db, visitor, now=now), article_ids, place, now=now)


def open_article(
    db: Session, *, visitor: Visitor, article_id: int, place: Place, now: datetime
) -> None:
    """A suggested article, or one found on the way, was opened."""
    attempt = _running(db, visitor, now=now)
    if attempt is not None and not _has(db, attempt, Sign.OPENED, article_id):
        _add(db, attempt, Sign.OPENED, now=now, article_id=article_id, place=place)


def read_article(
    db: Session, *, visitor: Visitor, article_id: int, place: Place, now: datetime
) -> bool:
    """The browser says that an article was read; whether it can be true."""
    attempt = _running(db, visitor, now=now)
    if attempt is None or _has(db, attempt, Sign.READ, article_id):
        return False
    opened_at = _last(db, attempt, Sign.OPENED, article_id)
    read_at = _last(db, attempt, Sign.READ)
    if opened_at is None or now - opened_at < READING:
        return False
    if read_at is not None and now - read_at < READING:
        return False
    _add(db, attempt, Sign.READ, now=now, article_id=article_id, place=place)
    return True


def solve(
    db: Session, *, visitor: Visitor, article_id: int | None, place: Place, now: datetime
) -> None:
    """ "This solved it" was pressed."""
    attempt = _running(db, visitor, now=now)
    if attempt is not None and not _has(db, attempt, Sign.SOLVED, article_id):
        _add(db, attempt, Sign.SOLVED, now=now, article_id=article_id, place=place)


def tell_address(db: Session, *, visitor: Visitor, address: str, now: datetime) -> None:
    """The mail address that was typed, hashed: a case from it takes back what came before."""
    attempt = _running(db, visitor, now=now)
    if attempt is not None:
        attempt.address = address
        db.flush()


def file(db: Session, *, case: Case, visitor: Visitor, counts: bool, now: datetime) -> None:
    """A case was opened. `counts` is False for those whose attempts are not measured."""
    attempt = _attempt(db, visitor, now=now) if counts and visitor.visit else None
    db.add(
        Filing(
            case_id=case.id,
            at=now,
            visit=visitor.visit,
            account=visitor.account,
            address=visitor.address,
            machine=visitor.machine,
        )
    )
    if attempt is not None:
        _add(db, attempt, Sign.FILED, now=now)


def seen_before(db: Session, case: Case) -> list[Seen]:
    """What was shown to a customer before filing this case, what was read first."""
    rows = db.execute(
        select(
            Article.id,
            Version.title,
            HelpSign.kind,
            HelpSign.place,
            HelpAttempt.started_at,
            Filing.at.label("filed_at"),
        )
        .join(HelpAttempt, HelpAttempt.id == HelpSign.attempt_id)
        .join(Filing, Filing.visit == HelpAttempt.visit)
        .join(Article, Article.id == HelpSign.article_id)
        .join(Version, Version.id == Article.published_version_id)
        .where(
            Filing.case_id == case.id,
            Filing.visit != "",
            HelpSign.at <= Filing.at,
        )
        .order_by(HelpSign.id)
    ).all()
    by_article: dict[int, list[tuple[str, Sign, Place | None]]] = {}
    for article_id, title, kind, place, started_at, filed_at in rows:
        if started_at > filed_at - REVERSED_WITHIN:
            by_article.setdefault(article_id, []).append((title, kind, place))
    seen = [_seen(article_id, told) for article_id, told in by_article.items()]
    return sorted(seen, key=lambda one: (not one.is_read, not one.is_opened))


def forget_old(db: Session, *, now: datetime, kept_days: int) -> None:
    """Forget attempts and filings whose time is over."""
    before = now - timedelta(kept_days)
    old = select(HelpAttempt.id).where(HelpAttempt.last_at < before)
    db.execute(delete(HelpSign).where(HelpSign.attempt_id.in_(old)))
    db.execute(delete(HelpAttempt).where(HelpAttempt.last_at < before))
    db.execute(delete(Filing).where(Filing.at < before))


_IS_FILED = exists().where(HelpSign.attempt_id == HelpAttempt.id, HelpSign.kind == Sign.FILED)
_LATEST = (
    select(HelpAttempt, _IS_FILED.label("is_filed"))
    .where(HelpAttempt.visit == bindparam("visit"), HelpAttempt.last_at >= bindparam("since"))
    .order_by(HelpAttempt.last_at.desc(), HelpAttempt.id.desc())
    .limit(1)
)


def _seen(article_id: int, told: list[tuple[str, Sign, Place | None]]) -> Seen:
    kinds = {kind for _title, kind, _place in told}
    shown = [place for _title, kind, place in told if kind is Sign.SHOWN and place]
    return Seen(
        article_id=article_id,
        title=told[0][0],
        places=tuple(dict.fromkeys(shown)),
        is_opened=Sign.OPENED in kinds,
        is_read=bool(kinds & {Sign.READ, Sign.SOLVED}),
    )


def _attempt(db: Session, visitor: Visitor, *, now: datetime) -> HelpAttempt:
    """The attempt that is running, or a new one."""
    if db.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:visit))")
        db.execute(lock, {"visit": visitor.visit})
    attempt = _running(db, visitor, now=now)
    if attempt is None:
        attempt = HelpAttempt(
            visit=visitor.visit,
            account=visitor.account,
            address=visitor.address,
            machine=visitor.machine,
            started_at=now,
            last_at=now,
        )
        db.add(attempt)
        db.flush()
    return attempt


def _running(db: Session, visitor: Visitor, *, now: datetime) -> HelpAttempt | None:
    found = db.execute(_LATEST, {"visit": visitor.visit, "since": now - PAUSE}).first()
    if found is None or found.is_filed:
        return None
    attempt: HelpAttempt = found.HelpAttempt
    if visitor.account:  # signed in meanwhile
        attempt.account, attempt.address = visitor.account, visitor.address
    return attempt


def _show(
    db: Session,
    attempt: HelpAttempt,
    article_ids: Sequence[int],
    place: Place,
    *,
    now: datetime,
    first: int = 1,
) -> None:
    known = set(
        db.scalars(
            select(HelpSign.article_id).where(
                HelpSign.attempt_id == attempt.id,
                HelpSign.kind == Sign.SHOWN,
                HelpSign.place == place,
            )
        )
    )
    for position, article_id in enumerate(article_ids, start=first):
        if article_id not in known:
            sign = HelpSign(kind=Sign.SHOWN, article_id=article_id, place=place)
            sign.attempt_id, sign.at, sign.position = attempt.id, now, position
            db.add(sign)
    attempt.last_at = max(attempt.last_at, now)
    db.flush()


def _add(
    db: Session,
    attempt: HelpAttempt,
    kind: Sign,
    *,
    now: datetime,
    article_id: int | None = None,
    place: Place | None = None,
) -> None:
    db.add(HelpSign(attempt_id=attempt.id, at=now, kind=kind, article_id=article_id, place=place))
    attempt.last_at = max(attempt.last_at, now)


def _has(db: Session, attempt: HelpAttempt, kind: Sign, article_id: int | None = None) -> bool:
    return _last(db, attempt, kind, article_id) is not None


def _last(
    db: Session, attempt: HelpAttempt, kind: Sign, article_id: int | None = None
) -> datetime | None:
    query = select(HelpSign.at).where(HelpSign.attempt_id == attempt.id, HelpSign.kind == kind)
    if article_id is not None:
        query = query.where(HelpSign.article_id == article_id)
    return db.scalar(query.order_by(HelpSign.id.desc()).limit(1))
