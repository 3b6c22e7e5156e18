"""How a folder and the portal differ, without changing either."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.knowledge.article import Category
from portal.knowledge.library_categories import CategoryBases
from portal.knowledge.library_comparing import Standing
from portal.knowledge.library_folder import CATEGORY_FILE, Scan
from portal.knowledge.library_outcome import Conflict
from portal.knowledge.library_pairs import lonely_files, pairs


@dataclass
class Comparison:
    """Paths of files, and slugs of articles that have no file, by what an import or an export
    would do with them.
    """

    same: int = 0
    only_files: list[str] = field(default_factory=list)
    changed_files: list[str] = field(default_factory=list)
    only_articles: list[str] = field(default_factory=list)
    changed_articles: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def by_state(self) -> dict[str, list[str]]:
        """In words, with what differs; conflicts are told apart."""
        return {
            "only in the folder": self.only_files,
            "changed in the folder": self.changed_files,
            "only in the portal": self.only_articles,
            "changed in the portal": self.changed_articles,
        }

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        conflicts = [
            {"path": one.path, "slug": one.slug, "difference": one.difference}
            for one in self.conflicts
        ]
        states = {state.replace(" ", "_"): paths for state, paths in self.by_state().items()}
        return {"same": self.same, **states, "conflicts": conflicts}


def compare(db: Session, found: Scan, source: str) -> Comparison:
    """Compare each file with its article and their last common version."""
    told = Comparison(only_files=lonely_files(db, found, source))
    for pair in pairs(db, found, source):
        if pair.source is None:
            told.only_articles.append(pair.filed.article.slug)
        elif pair.standing is Standing.SAME:
            told.same += 1
        elif pair.standing is Standing.BOTH_CHANGED:
            told.conflicts.append(pair.conflict)
        elif pair.standing is Standing.FILE_CHANGED:
            told.changed_files.append(pair.source.path)
        else:
            told.changed_articles.append(pair.source.path)
    _compare_categories(db, found, source, told)
    return told


def _compare_categories(db: Session, found: Scan, source: str, told: Comparison) -> None:
    """Only what differs, of the categories that have a file."""
    bases, known = (
        CategoryBases(db, source),
        {one.slug: one for one in db.scalars(select(Category))},
    )
    for shelf, said in sorted(found.categories.items()):
        path = "/".join((*shelf, CATEGORY_FILE))
        if not said.is_written:
            continue
        if (category := known.get(said.slug)) is None:
            told.only_files.append(path)
            continue
        pair = bases.pair(category, said)
        if pair.standing is Standing.BOTH_CHANGED:
            told.conflicts.append(pair.conflict(path))
        elif pair.standing is Standing.FILE_CHANGED:
            told.changed_files.append(path)
        elif pair.standing is Standing.ARTICLE_CHANGED:
            told.changed_articles.append(path)
