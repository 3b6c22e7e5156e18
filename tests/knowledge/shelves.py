"""Libraries as folders, for tests: files by path, and what the portal holds after an import."""

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Database
from portal.files import FileStore
from portal.knowledge.article import Article, Category, OldSlug
from portal.knowledge.library import import_library
from portal.knowledge.library_folder import scan
from portal.knowledge.library_outcome import Outcome
from portal.knowledge.words import words_of

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def article(title: str = "A question?", body: str = "An answer.\n", **keys: str) -> str:
    said = {"title": title, "audience": "public", "status": "published", **keys}
    head = "\n".join(f"{key}: {value}" for key, value in said.items() if value)
    return f"---\n{head}\n---\n\n{body}"


def png(width: int = 30, height: int = 20) -> bytes:
    """A real PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def lay_out(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below `folder`."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def bring_in(database: Database, folder: Path) -> Outcome:
    files = FileStore(folder.parent / "store")
    return import_library(database, files, scan(folder), now=AT)


def held(db: Session) -> dict[str, Any]:
    """Everything that an import brings, in a form that can be compared."""
    articles = {a.slug: _held_article(db, a) for a in db.scalars(select(Article))}
    parents = {c.id: c.slug for c in db.scalars(select(Category))}
    used = {a["category"] for a in articles.values()}
    categories = {
        c.slug: (c.title, c.summary, c.position, parents.get(c.parent_id or 0))
        for c in db.scalars(select(Category))
        if c.slug in used
    }
    return {"articles": articles, "categories": categories}


def _held_article(db: Session, one: Article) -> dict[str, Any]:
    version = one.versions[-1]
    return {
        "status": one.status,
        "audience": one.audience,
        "type": one.type,
        "category": one.category.slug,
        "organisations": sorted(o.slug for o in one.organisations),
        "facts": (one.owner, one.verified_on, one.review_every_days, one.is_pinned),
        "heir": one.heir.slug if one.heir else None,
        "words": words_of(version),
        "html": version.html,
        "aliases": sorted(db.scalars(select(OldSlug.slug).where(OldSlug.article_id == one.id))),
        "images": sorted((i.path, i.content_hash, i.width, i.height) for i in one.images),
    }
