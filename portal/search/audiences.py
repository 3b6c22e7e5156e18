"""The visibility rule in the index's words, so that forbidden articles are not even candidates.

The database decides again about each hit; this only keeps both in step.
"""

from collections.abc import Iterable

from portal.knowledge.article import Article, Audience
from portal.knowledge.reader import Reader
from portal.knowledge.words import Facts
from portal.people.organisation import Organisation


def keys_of_reader(reader: Reader) -> frozenset[str] | None:
    """The audiences a reader belongs to; None for staff, who read everything."""
    if reader.kind == "staff":
        return None
    if reader.kind in {"anyone", "nobody"}:
        return frozenset({Audience.PUBLIC.value})
    keys = {Audience.PUBLIC.value, Audience.CUSTOMERS.value}
    if reader.organisation_id is not None:
        keys.add(f"organisation:{reader.organisation_id}")
    return frozenset(keys)


def keys_of_article(article: Article) -> tuple[str, ...]:
    """The audiences that may read an article."""
    return _keys(article.audience, article.organisations)


def keys_of_facts(facts: Facts) -> tuple[str, ...]:
    """The same for facts that will hold."""
    return _keys(facts.audience, facts.organisations)


def _keys(audience: Audience, organisations: Iterable[Organisation]) -> tuple[str, ...]:
    if audience is not Audience.ORGANISATIONS:
        return (audience.value,)
    return tuple(sorted(f"organisation:{one.id}" for one in organisations))
