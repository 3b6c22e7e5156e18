"""Writing the portal's articles as a folder that can be imported again with nothing lost.

A file that has changed since it and its article were the same is never overwritten, unless
somebody says so. A later version that isn't published is not part of the folder, and is named, so
that nobody believes it is safe there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.files import FileStore
from portal.knowledge.article import Article, Category
from portal.knowledge.article_source import ArticleSource
from portal.knowledge.front_matter import FrontMatterError, dump
from portal.knowledge.library_categories import (
    CategoryBases,
    CategoryPair,
    fingerprint_of,
    note_category,
    said_of,
    text_of,
)
from portal.knowledge.library_comparing import Common, Standing
from portal.knowledge.library_folder import (
    CATEGORY_FILE,
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

    `waiting` are files that changed while their articles did not: an import takes them. `commons`
    and `categories` are what files have in common now with articles and categories.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    commons: dict[int, Common] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)


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
    _write_categories(db, writing, source or str(found.root))
    total = db.scalar(select(func.count()).select_from(Article)) or 0
    for done, pair in enumerate(pairs(db, found, source or str(found.root)), start=1):
        writing.article(pair)
        progress(done, total)
    return writing.exported


def note_exported(
    db: Session, exported: Exported, folder: Path, *, source: str | None = None, now: datetime
) -> None:
    """Remember what files, articles and categories had in common after an export."""
    name = source or str(folder.resolve())
    for category_id, found in exported.categories.items():
        note_category(db, category_id, found, source=name, now=now)
    for article_id, common in exported.commons.items():
        db.merge(
            ArticleSource(
                article_id=article_id,
                source=name,
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

    def category(self, path: str, category: Category) -> None:
        try:
            content = text_of(said_of(category)).encode()
            _write_within(self.found.root, self.found.root / path, content)
        except _OutsideError:
            self.exported.faults.append(Fault(path, 1, _OUTSIDE))
        else:
            self.exported.categories[category.id] = fingerprint_of(category)

    def category_pair(self, path: str, pair: CategoryPair) -> None:
        is_named = pair.category.slug in self._overwritten
        wins = is_named and pair.standing is not Standing.SAME
        if pair.standing is Standing.ARTICLE_CHANGED or wins:
            self.category(path, pair.category)
        elif pair.standing is Standing.BOTH_CHANGED:
            self.exported.conflicts.append(pair.conflict(path))
        elif pair.standing is Standing.FILE_CHANGED:
            self.exported.waiting.append(path)
        else:
            self.exported.categories[pair.category.id] = fingerprint_of(pair.category)

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


def _write_categories(db: Session, writing: _Writing, source: str) -> None:
    """Write what each category says where it alone has changed, or has no file."""
    bases = CategoryBases(db, source)
    for category in db.scalars(select(Category)):
        path = (writing.shelves[category.slug] / CATEGORY_FILE).as_posix()
        file = writing.found.root / path
        if not file.is_file():
            writing.category(path, category)
            continue
        try:
            pair = bases.pair(category, read_category(file, said_of(category)))
        except FrontMatterError:
            fault = "can't be read. Correct it, or delete it and export again."
            writing.exported.notes.append(Fault(path, 1, fault))
        else:
            writing.category_pair(path, pair)


def _write_within(root: Path, target: Path, content: bytes) -> None:
    """Write a file whole or not at all, and nowhere but below `root`. Raises _OutsideError."""
    if not target.resolve().is_relative_to(root.resolve()):
        raise _OutsideError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.with_name(f".{target.name}.arriving")
    arriving.write_bytes(content)
    arriving.replace(target)
