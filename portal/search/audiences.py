"""The visibility rule in the index's words, so that forbidden articles are not even candidates.

The database decides again about each hit; this only keeps both in step.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.knowledge.article import Article, Audience, Category
from portal.knowledge.queries import lineage
from portal.knowledge.reader import Reader
from portal.knowledge.words import Facts
from portal.people.organisation import Organisation

Keys = frozenset[str]
EVERYBODY: Keys = frozenset({Audience.PUBLIC.value})
NOBODY_ELSE: Keys = frozenset({Audience.STAFF.value})
CUSTOMERS: Keys = frozenset({Audience.CUSTOMERS.value})


def keys_of_reader(reader: Reader) -> frozenset[str] | None:
    """The audiences a reader belongs to; None for staff, who read everything."""
    if reader.kind == "staff":
        return None
    if reader.kind in {"anyone", "nobody"}:
        return EVERYBODY
    keys = {Audience.PUBLIC.value, Audience.CUSTOMERS.value}
    if reader.organisation_id is not None:
        keys.add(_key(reader.organisation_id))
    return frozenset(keys)


def keys_of_article(article: Article, shelf: Keys = EVERYBODY) -> tuple[str, ...]:
    """The audiences that may read an article on a shelf for `shelf`."""
    own = _keys(article.audience, article.organisations)
    return tuple(sorted(narrower(own, shelf)))


def keys_of_facts(facts: Facts, shelf: Keys) -> tuple[str, ...]:
    """The same for facts that will hold."""
    return tuple(sorted(narrower(_keys(facts.audience, facts.organisations), shelf)))


def keys_of_categories(db: Session) -> dict[int, Keys]:
    """The audiences that may read on each category, by what it and all that it lies in say."""
    query = select(Category).options(selectinload(Category.organisations))
    found = {one.id: one for one in db.scalars(query)}
    parents = {one.id: one.parent_id for one in found.values()}
    return {id_: _of_all(found[one] for one in lineage(id_, parents)) for id_ in found}


def narrower(one: Keys, other: Keys) -> Keys:
    """Who is among both audiences. Customers are more than any organisations, and the public more
    than customers.
    """
    for wide in (EVERYBODY, CUSTOMERS):
        if one == wide:
            return other
        if other == wide:
            return one
    return (one & other) - NOBODY_ELSE or NOBODY_ELSE


def _of_all(categories: Iterable[Category]) -> Keys:
    keys = EVERYBODY
    for one in categories:
        keys = narrower(keys, _keys(one.audience, one.organisations))
    return keys


def _keys(audience: Audience, organisations: Iterable[Organisation]) -> Keys:
    if audience is not Audience.ORGANISATIONS:
        return frozenset({audience.value})
    return frozenset(_key(one.id) for one in organisations) or NOBODY_ELSE


def _key(organisation_id: int) -> str:
    return f"organisation:{organisation_id}"
