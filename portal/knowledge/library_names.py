"""What files call by name, looked up once for many files: categories, organisations, addresses."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Audience, Category
from portal.knowledge.categorising import let_read, touch_all_within
from portal.knowledge.front_matter import ArticleFile
from portal.knowledge.library_categories import CategoryBases, CategoryPair
from portal.knowledge.library_comparing import Standing, article_ids
from portal.knowledge.library_folder import CATEGORY_FILE, CategoryFile, Fault, Scan
from portal.knowledge.library_outcome import Outcome
from portal.knowledge.noting import touch
from portal.knowledge.words import Facts
from portal.locale import N_
from portal.people.organisation import Organisation

NOTE = N_("Imported")


class UnknownNameError(Exception):
    """A file names something that the portal doesn't know; `key` is where."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Names:
    """The categories, the organisations and the addresses of articles that a portal has now."""

    def __init__(self, db: Session, said: Iterable[ArticleFile]) -> None:
        named = {slug for one in said for slug in one.organisations}
        query = select(Organisation).where(Organisation.slug.in_(named))
        self._organisations = {one.slug: one for one in db.scalars(query)} if named else {}
        self._categories = {one.slug: one for one in db.scalars(select(Category))}
        self.articles = article_ids(db)

    def facts(self, found: Scan, shelf: tuple[str, ...], said: ArticleFile) -> Facts:
        """The facts that a file on this shelf states. Raises UnknownNameError."""
        slug = found.categories[shelf].slug if shelf else said.category
        category = self._categories.get(slug or "")
        if category is None:
            advice = "Make a folder of that name and put the file there."
            raise UnknownNameError("category", f"there is no category “{slug}”. {advice}")
        return Facts(
            category=category,
            type=said.type,
            audience=said.audience,
            organisations=self._named(said),
            owner=said.owner,
            verified_on=said.verified_on,
            review_every_days=said.review_every,
            is_pinned=said.pinned,
        )

    def _named(self, said: ArticleFile) -> tuple[Organisation, ...]:
        if said.audience is not Audience.ORGANISATIONS:
            return ()
        unknown = sorted(set(said.organisations) - set(self._organisations))
        if unknown:
            raise UnknownNameError(
                "audience",
                f"`audience` names {', '.join(unknown)}, which this portal doesn't know. "
                "Add the organisation first, or correct its name.",
            )
        return tuple(self._organisations[slug] for slug in sorted(set(said.organisations)))


def store_categories(
    db: Session,
    found: Scan,
    *,
    source: str,
    overwritten: Collection[str] = (),
    outcome: Outcome,
    now: datetime,
) -> None:
    """Make or change the categories that the folders describe, outer ones first; what is wrong, or
    changed on both sides, goes to `outcome`.
    """
    known = {one.slug: one for one in db.scalars(select(Category))}
    bases = CategoryBases(db, source)
    for shelf, said in sorted(found.categories.items(), key=lambda item: len(item[0])):
        outer = found.categories.get(shelf[:-1])
        category = known.get(said.slug)
        is_new = category is None
        if category is None:
            category = known[said.slug] = Category(slug=said.slug, title=said.title)
            db.add(category)
        moved_from = category.parent_id
        category.parent_id = known[outer.slug].id if outer else None
        path = "/".join((*shelf, CATEGORY_FILE))
        is_told = is_new or (
            said.is_written and _wins(bases.pair(category, said), path, overwritten, outcome)
        )
        if is_told:
            category.title, category.summary = said.title, said.summary
            category.position = said.position
        if category in db.new or db.is_modified(category):
            db.flush()
            touch(db, f"category:{category.id}", "library", now=now)
        if said.audience is not None and is_told:
            outcome.faults += _let_read(db, category, said, now=now)
        if not is_new and category.parent_id != moved_from:
            touch_all_within(db, category, now=now)
        if said.is_written:
            bases.note_common(category, said, now=now)


def _wins(pair: CategoryPair, path: str, overwritten: Collection[str], outcome: Outcome) -> bool:
    """Whether the file has its way with a category that is there."""
    is_named = not {pair.category.slug, path}.isdisjoint(overwritten)
    if pair.standing is Standing.BOTH_CHANGED and not is_named:
        outcome.conflicts.append(pair.conflict(path))
        return False
    return pair.standing in {Standing.FILE_CHANGED, Standing.BOTH_CHANGED}


def _let_read(db: Session, category: Category, said: CategoryFile, *, now: datetime) -> list[Fault]:
    """Only those whom the file names; only staff while it names somebody unknown."""
    query = select(Organisation).where(Organisation.slug.in_(said.organisations))
    named = db.scalars(query).all()
    audience, faults = said.audience or Audience.STAFF, []
    if unknown := sorted(set(said.organisations) - {one.slug for one in named}):
        faults.append(
            Fault(
                f"{said.slug}/{CATEGORY_FILE}",
                1,
                f"`audience` names {', '.join(unknown)}, which this portal doesn't know. Only "
                "staff read here until you add the organisation, or correct its name.",
            )
        )
        audience = Audience.STAFF
    let_read(db, category=category, audience=audience, organisations=named, by=None, now=now)
    return faults
