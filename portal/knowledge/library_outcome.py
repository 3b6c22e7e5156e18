"""What an import did, file by file, for people and for programs."""

from dataclasses import asdict, dataclass, field
from difflib import unified_diff
from typing import Any

from portal.knowledge.library_folder import Fault


@dataclass(frozen=True)
class Conflict:
    """A file and its article, or its category, that both changed since they were the same. Nothing
    was overwritten.

    `file` and `article` are the texts of the two; `slug` names the article or category.
    """

    path: str
    slug: str
    file: str
    article: str
    of_category: bool = False

    @property
    def thing(self) -> str:
        return "category" if self.of_category else "article"

    def __str__(self) -> str:
        return (
            f"{self.path}:1: the file and the {self.thing} “{self.slug}” have both changed. "
            f"Bring them together by hand, or name the side that wins by --overwrite {self.slug}."
        )

    @property
    def difference(self) -> list[str]:
        """The lines in which they differ: `-` stands in the file only, `+` in the article only."""
        lines = unified_diff(
            self.file.splitlines(),
            self.article.splitlines(),
            f"file {self.path}",
            f"{self.thing} {self.slug}",
            lineterm="",
        )
        return list(lines)


@dataclass
class Outcome:
    """What an import did, by path; `notes` tell of what was taken but needs a look."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        paths = {name: getattr(self, name) for name in ("added", "changed", "unchanged")}
        conflicts = [
            {"path": one.path, "slug": one.slug, "difference": one.difference}
            for one in self.conflicts
        ]
        return {
            "counts": {name: len(found) for name, found in paths.items()}
            | {"faults": len(self.faults), "notes": len(self.notes), "conflicts": len(conflicts)},
            **paths,
            "conflicts": conflicts,
            "faults": [asdict(one) for one in self.faults],
            "notes": [asdict(one) for one in self.notes],
        }
