"""What the library holds, for those who write it: drafts and retired articles too.

Nothing here is ever shown to readers; they are given what portal.knowledge.queries finds.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from portal.knowledge.article import Article, Category, Status, Version
from portal.knowledge.next_version import NextVersion, Stage
from portal.knowledge.translations import outdated
from portal.people.organisation import Organisation
from portal.people.person import Person

PAGE_SIZE = 50


@dataclass(frozen=True)
class Holding:
    """An article with the version saved last, and how far that is."""

    article: Article
    latest: Version
    following: NextVersion | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether readers still see an earlier version than the latest."""
        article = self.article
        return article.status is Status.PUBLISHED and article.published_version_id != self.latest.id

    @property
    def stage(self) -> Stage:
        return self.following.stage if self.following else Stage.WRITING

    @property
    def is_approved(self) -> bool:
        return self.following is not None and self.following.is_approved(self.latest)


@dataclass(frozen=True)
class Holdings:
    """A page of the list, and how many there are of each status and each stage."""

    found: list[Holding]
    total: int
    counts: dict[Status, int]
    stages: dict[Stage, int]
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def holdings(
    db: Session,
    *,
    status: Status | None = None,
    stage: Stage | None = None,
    category: str = "",
    words: str = "",
    language: str | None = None,
    is_outdated: bool = False,
    page: int = 1,
) -> Holdings:
    """Articles whose latest title or address has all of `words`; what was changed last on top.

    `language` is as it is stored; `is_outdated` keeps to translations whose original is newer.
    """
    latest = (
        select(Version.article_id, func.max(Version.number).label("number"))
        .group_by(Version.article_id)
        .subquery()
    )
    query = (
        select(Article, Version, NextVersion)
        .join(latest, latest.c.article_id == Article.id)
        .join(
            Version,
            (Version.article_id == latest.c.article_id) & (Version.number == latest.c.number),
        )
        .join(Article.category)
        .outerjoin(NextVersion, NextVersion.article_id == Article.id)
    )
    for word in words.split()[:10]:
        query = query.where(
            Version.title.icontains(word, autoescape=True)
            | Article.slug.icontains(word, autoescape=True)
        )
    if category:
        query = query.where(Category.slug == category)
    if language is not None:
        query = query.where(Article.language == language)
    if is_outdated:
        query = query.where(outdated())
    within = query.with_only_columns(Article.status, func.count().label("number"))
    counts = {row.status: row.number for row in db.execute(within.group_by(Article.status))}
    within = query.with_only_columns(NextVersion.stage, func.count().label("number"))
    staged = {row.stage: row.number for row in db.execute(within.group_by(NextVersion.stage))}
    total = sum(counts.values()) if status is None else counts.get(status, 0)
    if status is not None:
        query = query.where(Article.status == status)
    if stage is not None:
        query, total = query.where(NextVersion.stage == stage), staged.get(stage, 0)
    number = max(1, min(page, -(-total // PAGE_SIZE) or 1))
    rows = db.execute(
        query.options(joinedload(Article.category), selectinload(Article.original))
        .order_by(Version.created_at.desc(), Version.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Holdings([Holding(*row) for row in rows], total, counts, staged, number)


def count_outdated(db: Session) -> int:
    """How many translations are older than what readers of their originals read."""
    return db.scalar(select(func.count()).select_from(Article).where(outdated())) or 0


def find_holding(db: Session, article_id: int) -> Holding | None:
    """An article by its number, whatever its status."""
    row = db.execute(
        select(Article, Version, NextVersion)
        .join(Version, Version.article_id == Article.id)
        .outerjoin(NextVersion, NextVersion.article_id == Article.id)
        .where(Article.id == article_id)
        .order_by(Version.number.desc())
        .limit(1)
    ).first()
    return Holding(*row) if row else None


def find_version(db: Session, article: Article, number: int) -> Version | None:
    return db.scalar(
        select(Version).where(Version.article_id == article.id, Version.number == number)
    )


def versions(db: Session, article: Article) -> list[tuple[Version, str]]:
    """Every version with its author's name, the latest first; the words themselves stay behind."""
    rows = db.execute(
        select(Version, Person.name)
        .outerjoin(Person, Person.id == Version.author_id)
        .where(Version.article_id == article.id)
        .options(defer(Version.body), defer(Version.html), defer(Version.text))
        .order_by(Version.number.desc())
    )
    return [(row[0], row[1] or "") for row in rows]


def author_name(db: Session, version: Version) -> str:
    return db.scalar(select(Person.name).where(Person.id == version.author_id)) or ""


def by_slug(db: Session, slug: str) -> Article | None:
    return db.scalar(select(Article).where(Article.slug == slug))


def categories(db: Session) -> list[Category]:
    return list(db.scalars(select(Category).order_by(Category.position, Category.title)))


def organisations(db: Session) -> list[Organisation]:
    return list(db.scalars(select(Organisation).order_by(Organisation.name)))
