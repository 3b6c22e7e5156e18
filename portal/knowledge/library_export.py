"""Writing the portal's articles as a folder that can be imported again with nothing lost.

A file that has changed since it and its article were the same is never overwritten, unless
somebody says so. A later version that isn't published is not part of the folder, and is named, so
that nobody believes it is safe there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.files import FileStore
from portal.knowledge.article import Article, Audience, Category
from portal.knowledge.article_source import ArticleSource
from portal.knowledge.front_matter import FrontMatterError, dump
from portal.knowledge.library_comparing import Common, Standing
from portal.knowledge.library_folder import (
    CATEGORY_FILE,
    CategoryFile,
    Fault,
    Scan,
    Source,
    fingerprint,
    read_category,
    scan,
)
from portal.knowledge.library_outcome import Conflict
from portal.knowledge.library_pairs import Pair, pairs

Progress = Callable[[int, int], None]
_OUTSIDE = "would lie outside the folder. Replace the link in its path by a folder."


class _OutsideError(Exception):
    """A path leads out of the folder."""


@dataclass
class Exported:
    """What an export wrote, left as it was, could not write or did not write.

    `waiting` are files that changed while their articles did not: an import takes them.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    commons: dict[int, Common] = field(default_factory=dict)


def export_library(
    db: Session,
    files: FileStore,
    folder: Path,
    *,
    source: str | None = None,
    overwritten: Iterable[str] = (),
    progress: Progress = lambda _done, _total: None,
) -> Exported:
    """Bring `folder` up to date with the portal; other files there stay.

    `source` names the folder, whose path it is otherwise; `overwritten` are slugs of articles
    whose files may be overwritten although both have changed.
    """
    found = scan(folder) if folder.is_dir() else Scan(folder.resolve())
    writing = _Writing(files, found, _shelves(db, found), frozenset(overwritten))
    _write_categories(db, writing)
    total = db.scalar(select(func.count()).select_from(Article)) or 0
    for done, pair in enumerate(pairs(db, found, source or str(found.root)), start=1):
        writing.article(pair)
        progress(done, total)
    return writing.exported


def note_exported(
    db: Session, exported: Exported, folder: Path, *, source: str | None = None, now: datetime
) -> None:
    """Remember what files and articles had in common after an export."""
    for article_id, common in exported.commons.items():
        db.merge(
            ArticleSource(
                article_id=article_id,
                source=source or str(folder.resolve()),
                path=common.path,
                file_hash=common.file_hash,
                article_hash=common.article_hash,
                at=now,
            )
        )


class _Writing:
    """Writes one article after the other."""

    def __init__(
        self,
        files: FileStore,
        found: Scan,
        shelves: dict[str, PurePosixPath],
        overwritten: frozenset[str],
    ) -> None:
        self.found, self.shelves, self.exported = found, shelves, Exported()
        self._files, self._overwritten = files, overwritten
        self._images: dict[Path, str] = {}

    def category(self, path: str, content: bytes) -> None:
        try:
            _write_within(self.found.root, self.found.root / path, content)
        except _OutsideError:
            self.exported.faults.append(Fault(path, 1, _OUTSIDE))

    def article(self, pair: Pair) -> None:
        slug, path = pair.filed.article.slug, self._path(pair)
        wins = slug in self._overwritten and pair.standing is not Standing.SAME
        if later := pair.filed.unpublished:
            fault = (
                f"version {later.number} is not published. Publish it, or it stays in the portal."
            )
            self.exported.notes.append(Fault(path, 1, fault))
        if pair.standing is Standing.ARTICLE_CHANGED or wins:
            self._write(pair, path)
        elif pair.standing is Standing.BOTH_CHANGED:
            self.exported.conflicts.append(pair.conflict)
        elif pair.standing is Standing.FILE_CHANGED:
            self.exported.waiting.append(path)
        else:
            self.exported.unchanged.append(path)
            common = Common(pair.file_hash, pair.filed.mark_as_filed, path)
            self.exported.commons[pair.filed.article.id] = common

    def _path(self, pair: Pair) -> str:
        """Where the file lies, as long as that is still the article's category and address."""
        article, source = pair.filed.article, pair.source
        category = self.found.categories.get(source.shelf) if source else None
        if source and category and category.slug == article.category.slug:
            return (PurePosixPath(*source.shelf) / f"{article.slug}.md").as_posix()
        return (self.shelves[article.category.slug] / f"{article.slug}.md").as_posix()

    def _write(self, pair: Pair, path: str) -> None:
        file = self.found.root / path
        if pair.source is None and file.exists():
            fault = "is no article that can be read. Correct it, or delete it and export again."
            self.exported.faults.append(Fault(path, 1, fault))
            return
        try:
            content = dump(pair.filed.said).encode()
            _write_within(self.found.root, file, content)
        except _OutsideError:
            self.exported.faults.append(Fault(path, 1, _OUTSIDE))
            return
        for name, content_hash in pair.filed.images.items():
            wrong = self._image(file, name, content_hash, may_replace=pair.source is not None)
            if wrong:
                self.exported.faults.append(Fault(path, 1, wrong))
        if pair.source and pair.source.path != path:
            pair.source.file.unlink()
        self.exported.written.append(path)
        written = Source(file, path, file.stem, PurePosixPath(path).parent.parts)
        file_hash = fingerprint(written, content, self.found.root)
        common = Common(file_hash, pair.filed.mark_as_filed, path)
        self.exported.commons[pair.filed.article.id] = common

    def _image(self, file: Path, name: str, content_hash: str, *, may_replace: bool) -> str | None:
        """Write an image where the article's file looks for it; what is wrong if it can't be."""
        target = (file.parent / unquote(name)).resolve()
        try:
            content = self._files.path(content_hash).read_bytes()
        except OSError:
            return f"its image {name} is missing from the file store. Restore it from a backup."
        stands = self._images.get(target)
        is_taken = target.exists() and not may_replace and target.read_bytes() != content
        if is_taken or stands not in {None, content_hash}:
            return f"another image already stands at {name}. Give one of them another name."
        try:
            _write_within(self.found.root, target, content)
        except _OutsideError:
            return f"its image {name} would lie outside the folder. Change the path in the article."
        self._images[target] = content_hash
        return None


def _shelves(db: Session, found: Scan) -> dict[str, PurePosixPath]:
    """The folder of each category, by slug: the one it has there; else a new one, within its
    parent's and named without what that says.
    """
    there = {said.slug: PurePosixPath(*shelf) for shelf, said in found.categories.items()}
    categories = {category.id: category for category in db.scalars(select(Category))}

    def folder_of(category: Category) -> PurePosixPath:
        if category.slug in there:
            return there[category.slug]
        parent = categories.get(category.parent_id) if category.parent_id else None
        if parent is None:
            return PurePosixPath(category.slug)
        return folder_of(parent) / category.slug.removeprefix(f"{parent.slug}-")

    return {category.slug: folder_of(category) for category in categories.values()}


def _write_categories(db: Session, writing: _Writing) -> None:
    """Write what each category says, unless its file is there: that is the folder's to change."""
    root = writing.found.root
    for category in db.scalars(select(Category)):
        shelf = writing.shelves[category.slug]
        file = root / shelf / CATEGORY_FILE
        said = CategoryFile(
            category.slug,
            category.title,
            category.summary,
            category.position,
            is_written=True,
            audience=category.audience,
            organisations=tuple(sorted(one.slug for one in category.organisations)),
        )
        path = (shelf / CATEGORY_FILE).as_posix()
        if file.is_file() and _differs(file, said):
            fault = "says something else than the portal. Import it, or delete it and export again."
            writing.exported.notes.append(Fault(path, 1, fault))
        elif not file.is_file():
            writing.category(path, _category_file(category).encode())


def _differs(file: Path, said: CategoryFile) -> bool:
    try:
        found = read_category(file, said)
    except FrontMatterError:
        return True
    audience, named = found.audience or Audience.PUBLIC, tuple(sorted(found.organisations))
    return replace(found, audience=audience, organisations=named) != said


def _category_file(category: Category) -> str:
    said = {
        "title": category.title,
        "summary": category.summary,
        "position": category.position,
        "slug": category.slug,
        **_readers(category),
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)


def _readers(category: Category) -> dict[str, Any]:
    """Who may read on the category, unless everybody may."""
    if category.audience is Audience.ORGANISATIONS:
        named = sorted(one.slug for one in category.organisations)
        return {"audience": {"organisations": named}}
    return {} if category.audience is Audience.PUBLIC else {"audience": category.audience.value}


def _write_within(root: Path, target: Path, content: bytes) -> None:
    """Write a file whole or not at all, and nowhere but below `root`. Raises _OutsideError."""
    if not target.resolve().is_relative_to(root.resolve()):
        raise _OutsideError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.with_name(f".{target.name}.arriving")
    arriving.write_bytes(content)
    arriving.replace(target)
