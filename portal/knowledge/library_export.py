"""Writing the portal's articles as a folder that can be imported again with nothing lost.

An article is written as it is published; one that isn't, as it was saved last. A later unpublished
version is not part of the folder, and is named, so that nobody believes it is safe there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.files import FileStore
from portal.knowledge.article import Article, Category, Status, Version
from portal.knowledge.front_matter import ArticleFile, dump
from portal.knowledge.library_folder import CATEGORY_FILE, Fault
from portal.knowledge.publishing import aliases_of, latest_version

Progress = Callable[[int, int], None]


@dataclass
class Exported:
    """What an export wrote, and what it could not or did not write."""

    written: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def export_library(
    db: Session,
    files: FileStore,
    folder: Path,
    *,
    progress: Progress = lambda _done, _total: None,
) -> Exported:
    """Write every article, category and image below `folder`; other files there stay."""
    exported = Exported()
    shelves = _shelves(db)
    for category in db.scalars(select(Category)):
        _write(folder / shelves[category.id] / CATEGORY_FILE, _category_file(category).encode())
    ids = list(db.scalars(select(Article.id).order_by(Article.slug)))
    for done, article_id in enumerate(ids, start=1):
        article = db.get_one(Article, article_id)
        shelf = shelves[article.category_id]
        if version := _exported_version(db, article, shelf, exported):
            path = _path(shelf, article)
            _write(folder / path, dump(file_of(db, article, version)).encode())
            exported.faults += _write_images(files, folder, shelf, article)
            exported.written.append(path)
        db.expire_all()
        progress(done, len(ids))
    return exported


def _shelves(db: Session) -> dict[int, PurePosixPath]:
    """The folder of each category: a subcategory's is named without what its parent's says."""
    categories = {category.id: category for category in db.scalars(select(Category))}

    def folder_of(category: Category) -> PurePosixPath:
        parent = categories.get(category.parent_id) if category.parent_id else None
        if parent is None:
            return PurePosixPath(category.slug)
        return folder_of(parent) / category.slug.removeprefix(f"{parent.slug}-")

    return {id_: folder_of(category) for id_, category in categories.items()}


def _category_file(category: Category) -> str:
    said = {
        "title": category.title,
        "summary": category.summary,
        "position": category.position,
        "slug": category.slug,
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)


def _exported_version(
    db: Session, article: Article, shelf: PurePosixPath, exported: Exported
) -> Version | None:
    """The version to write; a later one that isn't published is noted."""
    latest = latest_version(db, article)
    is_draft = article.status is Status.DRAFT
    version = latest if is_draft else article.published or latest
    if latest is not None and version is not None and latest.id != version.id:
        fault = f"version {latest.number} is not published. Publish it, or it stays in the portal."
        exported.notes.append(Fault(_path(shelf, article), 1, fault))
    return version


def _path(shelf: PurePosixPath, article: Article) -> str:
    return (shelf / f"{article.slug}.md").as_posix()


def _write_images(
    files: FileStore, folder: Path, shelf: PurePosixPath, article: Article
) -> list[Fault]:
    found = [
        _write_image(files, folder, shelf, image.path, image.content_hash)
        for image in article.images
    ]
    return [Fault(_path(shelf, article), 1, fault) for fault in found if fault]


def file_of(db: Session, article: Article, version: Version) -> ArticleFile:
    """What an article's file says."""
    return ArticleFile(
        title=version.title,
        audience=article.audience,
        status=article.status,
        body=version.body,
        summary=version.summary,
        type=article.type,
        applies_to=tuple(version.applies_to),
        organisations=tuple(sorted(organisation.slug for organisation in article.organisations)),
        search_words=tuple(version.search_words),
        owner=article.owner,
        verified_on=article.verified_on,
        review_every=article.review_every_days,
        aliases=tuple(old.slug for old in aliases_of(db, article)),
        pinned=article.is_pinned,
        heir=article.heir.slug if article.heir else None,
    )


def _write_image(
    files: FileStore, folder: Path, shelf: PurePosixPath, path: str, content_hash: str
) -> str | None:
    """Write an image where the article's file looks for it; what is wrong if it can't be."""
    target = (folder.resolve() / shelf / unquote(path)).resolve()
    if not target.is_relative_to(folder.resolve()):
        return f"its image {path} would lie outside the folder. Change the path in the article."
    try:
        content = files.path(content_hash).read_bytes()
    except OSError:
        return f"its image {path} is missing from the file store. Restore it from a backup."
    if target.exists() and target.read_bytes() != content:
        return f"another image already stands at {path}. Give one of them another name."
    _write(target, content)
    return None


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
