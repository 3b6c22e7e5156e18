"""A category and its file are one, as an article and its file are: whoever alone has changed wins,
and where both have, nobody is overwritten until somebody says who wins.
"""

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Audience, Category
from portal.knowledge.article_source import CategorySource
from portal.knowledge.library_comparing import Common, Sides, Standing, standing
from portal.knowledge.library_folder import CategoryFile
from portal.knowledge.library_outcome import Conflict


def said_of(category: Category) -> CategoryFile:
    """What the file of a category would say."""
    return CategoryFile(
        category.slug,
        category.title,
        category.summary,
        category.position,
        is_written=True,
        audience=category.audience,
        organisations=tuple(sorted(one.slug for one in category.organisations)),
    )


def text_of(said: CategoryFile) -> str:
    """The file, as an export writes it."""
    written = {
        "title": said.title,
        "summary": said.summary,
        "position": said.position,
        "slug": said.slug,
        **_readers(said),
    }
    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=100)


@dataclass(frozen=True)
class CategoryPair:
    """A category, what its file says, and how the two stand to each other."""

    category: Category
    said: CategoryFile
    standing: Standing

    def conflict(self, path: str) -> Conflict:
        """Both texts, for a pair of which both sides have changed."""
        mine = text_of(said_of(self.category))
        return Conflict(path, self.category.slug, text_of(self.said), mine, of_category=True)


class CategoryBases:
    """What each category and its file in one folder last said in common."""

    def __init__(self, db: Session, source: str) -> None:
        self._db, self._source = db, source
        self._own: dict[int, str] = {}
        self._others: dict[int, set[str]] = {}
        for row in db.scalars(select(CategorySource)):
            if row.source == source:
                self._own[row.category_id] = row.fingerprint
            else:
                self._others.setdefault(row.category_id, set()).add(row.fingerprint)

    def pair(self, category: Category, said: CategoryFile) -> CategoryPair:
        """A folder that was never compared stands where the one stood that says the same."""
        whole = _completed(said, category)
        in_file, in_portal = _fingerprint(whole), _fingerprint(said_of(category))
        base = self._own.get(category.id)
        if base is None and in_file in self._others.get(category.id, ()):
            base = in_file
        sides = Sides(in_file, in_portal, in_file == in_portal)
        common = Common(base, base) if base else None
        return CategoryPair(category, whole, standing(sides, common))

    def note_common(self, category: Category, said: CategoryFile, *, now: datetime) -> None:
        """Remember what both say, if they do."""
        found = _fingerprint(said_of(category))
        if _fingerprint(_completed(said, category)) == found:
            note_category(self._db, category.id, found, source=self._source, now=now)


def note_category(
    db: Session, category_id: int, fingerprint: str, *, source: str, now: datetime
) -> None:
    """A category and its file say this in common."""
    db.merge(
        CategorySource(category_id=category_id, source=source, fingerprint=fingerprint, at=now)
    )


def fingerprint_of(category: Category) -> str:
    """Equal as long as nothing changed of what the file of a category would say."""
    return _fingerprint(said_of(category))


def _fingerprint(said: CategoryFile) -> str:
    plain = replace(said, is_written=True, organisations=tuple(sorted(said.organisations)))
    return hashlib.sha256(json.dumps(astuple(plain), ensure_ascii=False).encode()).hexdigest()


def _completed(said: CategoryFile, category: Category) -> CategoryFile:
    """A file that says nothing of who may read leaves that as it is."""
    if said.audience is not None:
        return said
    stands = said_of(category)
    return replace(said, audience=stands.audience, organisations=stands.organisations)


def _readers(said: CategoryFile) -> dict[str, Any]:
    """Who may read on the category, unless everybody may."""
    if said.audience is Audience.ORGANISATIONS:
        return {"audience": {"organisations": sorted(said.organisations)}}
    is_open = said.audience is None or said.audience is Audience.PUBLIC
    return {} if is_open else {"audience": str(said.audience)}
