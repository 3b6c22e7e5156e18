"""Images that a writer puts into a text: checked by their bytes like those of a folder, kept in the
one file store, and with the unsaved text until the article is saved.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.files import FileStore, FileTooLargeError
from portal.knowledge.article import Article, ArticleImage
from portal.knowledge.drafts import ArticleDraft
from portal.knowledge.library_folder import LARGEST_IMAGE_BYTES, ImageFile, measured
from portal.knowledge.rendering import Picture
from portal.knowledge.slugs import slug_of
from portal.locale import gettext as _

Kept = dict[str, Any]


class PictureRefusedError(Exception):
    """The file can't be shown; the message says why and what to do."""


def keep_picture(files: FileStore, stream: BinaryIO, *, name: str, taken: Iterable[str]) -> Kept:
    """Store an image; `taken` are the paths that other images of the article have.

    Raises PictureRefusedError.
    """
    try:
        stored = files.keep(stream, limit_bytes=LARGEST_IMAGE_BYTES)
    except FileTooLargeError:
        most = LARGEST_IMAGE_BYTES // 1024 // 1024
        raise PictureRefusedError(
            _("It has more than %(most)s MB. Make it smaller, then add it again.", most=most)
        ) from None
    image = measured(name, files.path(stored.content_hash))
    if not isinstance(image, ImageFile):
        raise PictureRefusedError(_("The file %(fault)s", fault=image))
    ending = image.name.rpartition(".")[2]
    path = _free_path(slug_of(PurePosixPath(name).stem)[:60] or "image", ending, set(taken))
    return {
        "path": path,
        "content_hash": stored.content_hash,
        "name": path,
        "media_type": image.media_type,
        "size_bytes": stored.size_bytes,
        "width": image.width,
        "height": image.height,
    }


def _free_path(stem: str, ending: str, taken: set[str]) -> str:
    path, number = f"{stem}.{ending}", 1
    while path in taken:
        number += 1
        path = f"{stem}-{number}.{ending}"
    return path


def pictures_in(draft: ArticleDraft | None) -> dict[str, Picture]:
    """The images of an unsaved text, by the path its body uses."""
    return {
        kept["path"]: Picture(
            f"/files/{kept['content_hash']}/{kept['name']}", kept["width"], kept["height"]
        )
        for kept in (draft.images if draft else [])
    }


def rows_of(draft: ArticleDraft | None, body: str) -> list[ArticleImage]:
    """Those images of the unsaved text that its body still names."""
    return [
        ArticleImage(**kept) for kept in (draft.images if draft else []) if kept["path"] in body
    ]


def take_over(db: Session, article: Article, draft: ArticleDraft | None, body: str) -> None:
    """The article has the images of the text that is being saved."""
    has = {image.path for image in article.images}
    article.images.extend(row for row in rows_of(draft, body) if row.path not in has)
    db.flush()


def find_image_of_any(db: Session, content_hash: str) -> ArticleImage | None:
    """An image of any article, for those who write: drafts have images too."""
    query = select(ArticleImage).where(ArticleImage.content_hash == content_hash)
    return db.scalar(query.limit(1))


def find_unsaved(db: Session, content_hash: str, *, person_id: int) -> Kept | None:
    """An image that this writer put into a text and didn't save yet."""
    drafts = db.scalars(select(ArticleDraft.images).where(ArticleDraft.person_id == person_id))
    return next(
        (kept for images in drafts for kept in images if kept["content_hash"] == content_hash), None
    )


def unsaved_hashes(db: Session) -> set[str]:
    """What the file store must keep for texts that aren't saved yet."""
    drafts = db.scalars(select(ArticleDraft.images))
    return {kept["content_hash"] for images in drafts for kept in images}
